# A program's --help as a table: program, command, short options, long option, value, description, with tabs between them.
# Both manners are read: "  -q, --quiet  text", "--output=FILE", and System.CommandLine's "-o, --output <FILE>  text" with its list of commands.
BEGIN { OFS = "\t" }
function flush() { if (long != "" || short != "") print program, command, short, long, value, sentence(text); long = short = value = text = "" }
function sentence(t) { sub(/ \[default: .*/, "", t); sub(/[.;] .*/, "", t); sub(/\.$/, "", t); gsub(/\t/, " ", t); return t }
/^Commands:/ { flush(); commands = 1; next }
/^[^ ]/ { flush(); commands = 0; next }
commands && /^  [a-z]/ {
    line = substr($0, 3); name = line; sub(/ .*/, "", name)
    sub(/^[^ ]+( <[^>]*>)?  */, "", line)
    print program, name, "", "", "", sentence(line)
    next
}
/^ +-/ {
    flush()
    line = $0; sub(/^ +/, "", line)
    cut = match(line, /  +/)
    text = cut ? substr(line, RSTART + RLENGTH) : ""
    count = split(cut ? substr(line, 1, cut - 1) : line, names, ", ")
    for (i = 1; i <= count; i++) {
        name = names[i]
        if (match(name, /[ =]/)) { value = substr(name, RSTART + 1); name = substr(name, 1, RSTART - 1); gsub(/[<>]/, "", value) }
        if (name == "-?") continue # a pattern to shells
        if (name ~ /^--/) long = name; else short = short (short == "" ? "" : " ") name
    }
    next
}
/^ +[^ ]/ && (long != "") && text == "" { text = $0; sub(/^ +/, "", text) }
END { flush() }
