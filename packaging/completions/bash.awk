# Completion for bash, without the bash-completion package. A line of the table for each option, and one with no options for each command.
BEGIN { FS = "\t" }
function of_kind(value) {
    if (value == "") return ""
    if (value ~ /\|/) { gsub(/\|/, " ", value); return "compgen -W \"" value "\" --" }
    if (value == "DIR") return "compgen -d --"
    if (value == "FILE" || value == "IMAGE" || value == "DISK") return "compgen -f --"
    return value == "USER" ? "compgen -u --" : ":"
}
{
    program = $1
    if ($3 == "" && $4 == "") { commands = commands (commands == "" ? "" : " ") $2; next }
    options[$2] = options[$2] (options[$2] == "" ? "" : " ") $3 ($3 != "" && $4 != "" ? " " : "") $4
    if ($5 != "") {
        names = $4; if ($3 != "") { names = names "|" $3; gsub(/ /, "|", names) }
        if (!seen[names]++) values = values "        " names ") _values=\"" escaped(of_kind($5)) "\" ;;\n"
    }
}
function escaped(t) { gsub(/"/, "\\\"", t); return t }
END {
    name = "_" program; gsub(/-/, "_", name)
    print "# bash completion for " program ", made from its --help"
    print name "() {"
    print "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= word _values="
    print "    local -a words=()"
    print "    COMPREPLY=()"
    print "    if [[ $current == = ]]; then current=; elif [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi"
    print "    case $previous in"
    printf "%s", values
    print "    esac"
    print "    if [[ -n $_values ]]; then"
    print "        [[ $_values == : ]] || mapfile -t COMPREPLY < <(eval \"$_values \\\"\\$current\\\"\")"
    print "        [[ $_values != *' -f '* && $_values != *' -d '* ]] || compopt -o filenames 2> /dev/null"
    print "        return"
    print "    fi"
    if (commands != "") {
        print "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do"
        pattern = commands; gsub(/ /, "|", pattern)
        print "        case $word in " pattern ") command=$word; break ;; esac"
        print "    done"
    }
    print "    case $command in"
    for (command in options) order[++count] = command
    for (i = 1; i <= count; i++) for (j = i + 1; j <= count; j++) if (order[j] < order[i]) { t = order[i]; order[i] = order[j]; order[j] = t }
    for (i = 1; i <= count; i++) {
        print "        " (order[i] == "" ? "''" : order[i]) ") words=(" options[order[i]] (order[i] == "" && commands != "" ? " " commands : "") ") ;;"
    }
    print "    esac"
    if (commands == "") {
        print "    if [[ $current != -* ]]; then"
        print "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")"
        print "        compopt -o filenames 2> /dev/null"
        print "        return"
        print "    fi"
    }
    print "    for word in \"${words[@]}\"; do"
    print "        [[ $word != \"$current\"* ]] || COMPREPLY+=(\"$word\")"
    print "    done"
    print "}"
    print "complete -F " name " " program
}
