# Completion for fish.
BEGIN { FS = "\t" }
function quoted(t) { gsub(/\\/, "\\\\", t); gsub(/'/, "\\'", t); return "'" t "'" }
function action(value) {
    if (value == "") return ""
    if (value ~ /\|/) { gsub(/\|/, " ", value); return " -x -a " quoted(value) }
    if (value == "DIR") return " -x -a '(__fish_complete_directories)'"
    if (value == "FILE" || value == "IMAGE" || value == "DISK") return " -r -F"
    return value == "USER" ? " -x -a '(__fish_complete_users)'" : " -x"
}
$3 == "" && $4 == "" { commands[++count] = $2; text[$2] = $6; program = $1; next }
{ program = $1; lines[++many] = $0 }
END {
    print "# fish completion for " program ", made from its --help"
    if (count) print "complete -c " program " -f"
    for (i = 1; i <= count; i++) print "complete -c " program " -n __fish_use_subcommand -a " commands[i] " -d " quoted(text[commands[i]])
    for (i = 1; i <= many; i++) {
        $0 = lines[i]
        line = "complete -c " program
        if ($2 != "") line = line " -n '__fish_seen_subcommand_from " $2 "'"
        else if (count) line = line " -n __fish_use_subcommand"
        letters = split($3, letter, " ")
        for (j = 1; j <= letters; j++) line = line " -s " substr(letter[j], 2)
        if ($4 != "") line = line " -l " substr($4, 3)
        print line action($5) " -d " quoted($6)
    }
}
