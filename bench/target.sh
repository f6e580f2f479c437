# A target beside its figure. Read by run and attach.

# target TEXT VALUE at-most|at-least LIMIT
target() {
    awk -v text="$1" -v value="$2" -v how="$3" -v limit="$4" \
        'BEGIN {ok = how == "at-most" ? value <= limit : value >= limit; printf "%-62s %10s  (%s %s)  %s\n", text, value, how, limit, ok ? "reached" : "NOT REACHED"}'
}
