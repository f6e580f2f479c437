# Completion for zsh, by its _arguments.
BEGIN { FS = "\t" }
function quoted(t) { gsub(/'/, "'\\''", t); return t }
function bracketed(t) { gsub(/[][]/, "\\\\&", t); gsub(/:/, "\\:", t); return quoted(t) }
function action(value) {
    if (value == "") return ""
    if (value ~ /\|/) { words = value; gsub(/\|/, " ", words); return ":value:(" words ")" }
    if (value == "DIR") return ":" value ":_files -/"
    if (value == "FILE" || value == "IMAGE" || value == "DISK") return ":" value ":_files"
    return value == "USER" ? ":" value ":_users" : ":" value ": "
}
{
    program = $1
    if ($3 == "" && $4 == "") { order[++count] = $2; text = $6; gsub(/"/, "", text); gsub(/[:()\\]/, "\\\\&", text); words_of = words_of " " $2 "\\:\"" quoted(text) "\""; next }
    names = $3 ($3 != "" && $4 != "" ? " " : "") $4
    many = split(names, name, " ")
    for (i = 1; i <= many; i++) {
        equals = $5 != "" && name[i] ~ /^--/ ? "=" : ""
        lines[$2] = lines[$2] " \\\n        '" (many > 1 ? "(" names ")" : "") name[i] equals "[" bracketed($6) "]" quoted(action($5)) "'"
    }
}
END {
    print "#compdef " program
    print "# zsh completion for " program ", made from its --help"
    print "_" program "() {"
    if (count == 0) print "    _arguments -s" lines[""] " \\\n        '*:IMAGE:_files'"
    else {
        print "    local curcontext=$curcontext state line"
        print "    _arguments -C" lines[""] " \\\n        '1:command:((" substr(words_of, 2) "))' \\\n        '*::argument:->arguments'"
        print "    [[ $state == arguments ]] || return"
        print "    case $line[1] in"
        for (i = 1; i <= count; i++) print "        " order[i] ") _arguments" lines[order[i]] " \\\n        '*:target: ' ;;"
        print "    esac"
    }
    print "}"
    print "_" program " \"$@\""
}
