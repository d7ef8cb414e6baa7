# shellcheck shell=bash
# TAP for the scripts of this folder, which run in a bare root file system.

number=0
failures=0

# result STATUS TITLE [FILE]: a test; the end of the file says why it failed.
result()
{
	number=$((number + 1))
	if (($1 == 0)); then
		printf 'ok %d - %s\n' "$number" "$2"
	else
		failures=$((failures + 1))
		printf 'not ok %d - %s\n' "$number" "$2"
		[[ -z ${3:-} ]] || tail -n 40 -- "$3" | cut -c 1-400 | sed 's/^/# /'
	fi
}

# check TITLE FILE COMMAND...: a test that the command succeeds; its output goes to the file.
check()
{
	local title=$1 file=$2 status=0

	shift 2
	"$@" >"$file" 2>&1 || status=$?
	result "$status" "$title" "$file"
}

# shows FILE PATTERN: has the file such a line? If not, print the file.
shows()
{
	grep -E -- "$2" "$1" || {
		cat -- "$1"
		return 1
	}
}

# finish: the plan, and the exit status.
finish()
{
	printf '1..%d\n' "$number"
	((failures == 0)) || exit 1
	exit 0
}
