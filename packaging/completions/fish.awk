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
NR == 1 { print "# fish completion for " $1 ", made from its --help" }
$3 == "" && $4 == "" {
    if (!commands++) print "complete -c " $1 " -f"
    print "complete -c " $1 " -n __fish_use_subcommand -a " $2 " -d " quoted($6)
    next
}
{
    line = "complete -c " $1
    if ($2 != "") line = line " -n '__fish_seen_subcommand_from " $2 "'"
    many = split($3, letters, " ")
    for (i = 1; i <= many; i++) line = line " -s " quoted(substr(letters[i], 2))
    if ($4 != "") line = line " -l " substr($4, 3)
    print line action($5) " -d " quoted($6)
}
