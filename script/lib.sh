# shellcheck shell=bash
# Shell functions that script/test, script/demo and the benchmarks share: messages, a scratch
# folder that always disappears, a private copy of the server, throwaway clusters.
#
# Source it from bash with "set -euo pipefail":
#
#     source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
#     need demo                               # installs what is missing (script/bootstrap demo)
#     scratch_create demo                     # sets $scratch and goes there; a trap removes it
#     install_extension "$project_root"       # builds a copy of the tree, installs it in a private server
#     cluster_start "$scratch/cluster"        # from here plain psql reaches the new cluster
#     psql -c 'CREATE EXTENSION audio_cache'
#     as_postgres some-program                # never as root; cluster_env is inherited
#     cluster_stop "$scratch/cluster"         # optional: the trap does it too
#
# Nothing here touches the clusters or the files of the system's own server, so no function needs
# root and several runs can go on at the same time.

# The checkout this file belongs to.
# shellcheck disable=SC2034
project_root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)

# The scratch folder, set by scratch_create; empty until then.
scratch=

# Set to "yes" to keep the scratch folder at the end (the clusters are stopped all the same).
keep_scratch=no

# Process group of the job that job_wait waits for, and the exit status of the last one.
job_group=
# shellcheck disable=SC2034
job_status=0

# Functions that print what of the job has ended, one a line, and what it does now; see job_tick.
job_ended=:
job_now=:

# ---------------------------------------------------------------------------------------------
# Messages
# ---------------------------------------------------------------------------------------------

# say TEXT...: tell a person what happens now. In colour on a terminal only.
say()
{
	if [[ -t 1 ]]; then
		printf '\033[1m==> %s\033[0m\n' "$*"
	else
		printf '==> %s\n' "$*"
	fi
}

# warn TEXT...: the same on standard error.
warn()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# die TEXT...: complain and leave with status 1; the traps still clean up.
die()
{
	warn "$@"
	exit 1
}

# note TEXT...: what came of it, below its title.
note()
{
	printf '    %s\n' "$*"
}

# absolute FILE: print its path from the root, for scratch_create changes the folder.
absolute()
{
	realpath -m -- "$1"
}

# have COMMAND: is there such a program?
have()
{
	command -v "$1" >/dev/null 2>&1
}

# ---------------------------------------------------------------------------------------------
# The server's programs and the user they run as
# ---------------------------------------------------------------------------------------------

# pg_config_path: print the pg_config to build with. $PG_CONFIG decides when it is set, else the
# one of major version $PG_MAJOR (15), else the first in PATH.
pg_config_path()
{
	local packaged=/usr/lib/postgresql/${PG_MAJOR:-15}/bin/pg_config

	if [[ -n ${PG_CONFIG:-} ]]; then
		printf '%s\n' "$PG_CONFIG"
	elif [[ -x $packaged ]]; then
		printf '%s\n' "$packaged"
	else
		command -v pg_config || die "pg_config not found: run script/bootstrap, or set PG_CONFIG"
	fi
}

# pg_dir NAME: print a folder of the system's server, for example "pg_dir sharedir".
pg_dir()
{
	local program

	program=$(pg_config_path)
	"$program" "--$1"
}

# pgxs_dir: print the folder with the test tools of the server (src/test/... below it).
pgxs_dir()
{
	local makefile

	makefile=$(pg_dir pgxs)
	(cd -- "$(dirname -- "$makefile")/../.." && pwd)
}

# as_postgres COMMAND...: run it as a user that the server accepts: postgres when we are root
# (initdb and postgres refuse root), else simply as ourselves. The environment is passed on.
as_postgres()
{
	if ((EUID != 0)); then
		"$@"
	else
		setpriv --reuid=postgres --regid=postgres --init-groups -- \
			env HOME="${scratch:-/}" USER=postgres LOGNAME=postgres "$@"
	fi
}

# ---------------------------------------------------------------------------------------------
# Packages
# ---------------------------------------------------------------------------------------------

# need SET...: install what is missing. The status is that of script/bootstrap, but a signal ends
# this script too: bootstrap has said what is left, so nothing more is to be said.
need()
{
	local status=0

	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	"$project_root/script/bootstrap" "$@" || status=$?
	((status < 128)) || exit "$status"
	signals_trap
	return "$status"
}

# ---------------------------------------------------------------------------------------------
# Scratch folder and clean-up
# ---------------------------------------------------------------------------------------------

# scratch_create NAME: make a folder, set $scratch to it, go there, and remove it when the script
# ends, however it ends. It belongs to the user of as_postgres.
scratch_create()
{
	local base=${TMPDIR:-/tmp}

	# A unix socket's path must fit in 107 bytes; TAP tests add about 50 to the folder's name.
	if ((${#base} > 40)); then
		base=/tmp
	fi
	scratch=$(mktemp -d "$base/audio_cache_$1.XXXXXX")
	trap scratch_cleanup EXIT
	signals_trap
	if ((EUID == 0)); then
		chown postgres:postgres "$scratch"
	fi
	as_postgres mkdir -p "$scratch/tmp"
	export TMPDIR=$scratch/tmp
	# The server's user may not enter the caller's folder, and the server's programs say so.
	cd -- "$scratch" || exit
}

# signals_trap: from now on a signal ends the script with a line that says what was cleaned.
signals_trap()
{
	trap 'interrupted 129' HUP
	trap 'interrupted 130' INT
	trap 'interrupted 143' TERM
}

# interrupted STATUS: what that trap does; scratch_cleanup has the line when there is a scratch folder.
interrupted()
{
	[[ -n $scratch ]] || printf '\n==> interrupted: there was nothing to clean up\n'
	exit "$1"
}

# scratch_cleanup: what the trap of the script's end does. Keeps the exit status.
scratch_cleanup()
{
	local status=$? done="removed $scratch"

	trap - EXIT
	# A second Ctrl-C must not leave a server behind.
	trap '' HUP INT TERM
	# Nor must a terminal that is gone.
	set +e
	job_stop
	clusters_stop_all
	cd /
	if [[ $keep_scratch == yes ]]; then
		done="kept $scratch"
		say "$done"
	else
		rm -rf -- "$scratch"
	fi
	if ((status > 128)); then
		printf '\n==> interrupted: ended every process and server of this run, %s\n' "$done"
	fi
	exit "$status"
}

# ---------------------------------------------------------------------------------------------
# Jobs
# ---------------------------------------------------------------------------------------------

# run_job STDOUT STDERR COMMAND...: run a command or function in a process group of its own, its
# output in the two files, and set job_status to its status. The script stays able to react to
# signals meanwhile and shows that the job lives, and whatever the command left running is ended
# with it. "set -e" holds inside, but only while no caller up the line stands in an "if", "&&" or
# "||": bash would switch it off for the function, so test job_status instead.
run_job()
{
	job_start "$@"
	job_wait
	job_stop
}

# job_start STDOUT STDERR COMMAND...: the first half of run_job.
job_start()
{
	local stdout=$1 stderr=$2

	shift 2
	set -m
	(
		set +m
		trap - EXIT HUP INT TERM
		"$@"
	) </dev/null >"$stdout" 2>"$stderr" &
	job_group=$!
	set +m
}

# job_wait: wait for the job, a look every second. A signal whose trap returns does not end it.
job_wait()
{
	local ended='' shown=0 tick_next=5 began=$SECONDS second

	job_status=0
	# A signal leaves it unset.
	while [[ ${ended:-} != "$job_group" ]]; do
		sleep 1 >/dev/null 2>&1 &
		second=$!
		job_status=0
		wait -n -p ended "$job_group" "$second" || job_status=$?
		kill "$second" 2>/dev/null || true
		wait "$second" 2>/dev/null || true
		job_tick $((SECONDS - began))
	done
	job_clock_clear
}

# job_tick SECONDS: show what of the job has ended since the last time, and on standard error that
# it lives: on a terminal a clock that goes, elsewhere a line after 5, 10, 20, 40, ... seconds. The
# variables are those of job_wait.
job_tick()
{
	local lines=() text="$1 s"

	mapfile -t lines < <("$job_ended")
	if ((shown < ${#lines[@]})); then
		job_clock_clear
	fi
	for (( ; shown < ${#lines[@]}; shown++)); do
		note "${lines[shown]:0:96}"
	done
	(($1 > 0)) || return 0
	text+="  $("$job_now")"
	if [[ -t 2 ]]; then
		printf '\r    %-75.75s' "$text" >&2
	elif (($1 >= tick_next)); then
		note "... ${text:0:92}" >&2
		tick_next=$((2 * $1))
	fi
}

# job_clock_clear: wipe the line with the clock.
job_clock_clear()
{
	[[ ! -t 2 ]] || printf '\r\033[K' >&2
}

# job_stop: end the processes of the current job, politely first.
job_stop()
{
	local i

	[[ -n $job_group ]] || return 0
	kill -TERM -- "-$job_group" 2>/dev/null || true
	for ((i = 0; i < 50; i++)); do
		kill -0 -- "-$job_group" 2>/dev/null || break
		sleep 0.1
	done
	kill -KILL -- "-$job_group" 2>/dev/null || true
	job_group=
}

# ---------------------------------------------------------------------------------------------
# Building and installing
# ---------------------------------------------------------------------------------------------

# source_list DIR: print the files that belong to a source tree, each ended by a zero byte: what
# git knows plus what it does not ignore, or without git everything but build products.
source_list()
{
	local file

	cd -- "$1" || return
	if have git && [[ -e .git ]]; then
		# safe.directory: root may build somebody else's checkout.
		git -c safe.directory="$PWD" ls-files -z --cached --others --exclude-standard |
			while IFS= read -r -d '' file; do
				# A file that is deleted but not yet committed is still listed.
				if [[ -e $file || -L $file ]]; then
					printf '%s\0' "$file"
				fi
			done
	else
		find . -name .git -prune -o \( -type f -o -type l \) \
			! -name '*.o' ! -name '*.bc' ! -name '*.so' -print0
	fi
}

# source_copy SRC DST: copy a source tree to a new folder that the user of as_postgres owns.
source_copy()
{
	as_postgres mkdir -p "$2"
	(source_list "$1") | tar -C "$1" --null --no-recursion -T - -cf - |
		as_postgres tar -C "$2" --no-same-owner -xf -
}

# server_copy ROOT: make a private copy of the server under ROOT: programs as copies, the rest
# as links. A server finds its files relative to its own program, so this one uses ROOT's.
# Files of an audio_cache that is installed in the system are left out, so that what runs
# is what was just built.
server_copy()
{
	local root=$1 dir

	dir=$(pg_dir bindir)
	as_postgres mkdir -p "$root$dir"
	as_postgres cp -L "$dir"/* "$root$dir/"
	for dir in "$(pg_dir pkglibdir)" "$(pg_dir sharedir)"; do
		as_postgres mkdir -p "$root$dir"
		as_postgres cp -rs "$dir/." "$root$dir/"
		as_postgres find "$root$dir" -depth \( -name 'audio_cache*.*' -o -name audio_cache \) \
			-exec rm -rf -- {} +
	done
}

# build_extension DIR [MAKE-ARGUMENT...]: build the tree in DIR, with the user of as_postgres.
build_extension()
{
	local dir=$1

	shift
	as_postgres make -C "$dir" -s -j"$(nproc)" PG_CONFIG="$(pg_config_path)" "$@"
}

# install_extension SRC [MAKE-ARGUMENT...]: copy the tree SRC to $scratch/build, build it there,
# install it into the private server $scratch/server, and put that server's programs first in
# PATH. Needs scratch_create. Sets pg_bindir.
install_extension()
{
	local src=$1

	shift
	source_copy "$src" "$scratch/build"
	build_extension "$scratch/build" "$@" all
	[[ -d $scratch/server ]] || server_copy "$scratch/server"
	build_extension "$scratch/build" "$@" DESTDIR="$scratch/server" install
	server_use
}

# server_use: put the programs of the private server first in PATH. Sets pg_bindir.
server_use()
{
	pg_bindir=$scratch/server$(pg_dir bindir)
	export PATH="$pg_bindir:$PATH"
}

# ---------------------------------------------------------------------------------------------
# Throwaway clusters
# ---------------------------------------------------------------------------------------------

# cluster_env DIR: make plain psql, createdb, ... use the cluster in DIR as its superuser.
cluster_env()
{
	# Nothing of the caller's own connection settings may leak in.
	unset PGSERVICE PGSERVICEFILE PGHOSTADDR PGPASSWORD PGPASSFILE PGOPTIONS PGSSLMODE PGDATA
	unset PGREQUIRESSL PGSSLCERT PGSSLKEY PGSSLROOTCERT PGTARGETSESSIONATTRS PGDATESTYLE PGTZ
	export PGHOST=$1/socket PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
	export PGCLIENTENCODING=UTF8 LC_ALL=C.UTF-8
	# A reader's own psqlrc would change the output.
	export PSQLRC=/dev/null
}

# cluster_configure DIR: settings of a cluster that nobody but its owner can reach, and that
# need not survive a crash. Autovacuum stays out of the way of buffer counts.
cluster_configure()
{
	as_postgres tee -a "$1/data/postgresql.conf" >/dev/null <<-END
		listen_addresses = ''
		port = 5432
		unix_socket_directories = '$1/socket'
		fsync = off
		synchronous_commit = off
		full_page_writes = off
		autovacuum_naptime = 1h
		log_line_prefix = '%m [%p] %q%u@%d '
	END
}

# cluster_start DIR: make a new cluster in DIR (UTF8, no locale, unix socket in DIR/socket only,
# superuser "postgres"), start it, and set PGHOST PGPORT PGUSER PGDATABASE for it. The server's
# messages go to DIR/log. Needs install_extension (or server_use) before.
cluster_start()
{
	local dir=$1

	as_postgres mkdir -p "$dir/socket"
	as_postgres chmod 0700 "$dir" "$dir/socket"
	# A subshell: what a function redirects, the traps of this shell would write there, too.
	(as_postgres "$pg_bindir/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --no-locale \
		--no-sync) >"$scratch/initdb.log" 2>&1 || {
		cat "$scratch/initdb.log" >&2
		die "initdb failed"
	}
	cluster_configure "$dir"
	as_postgres "$pg_bindir/pg_ctl" -D "$dir/data" -l "$dir/log" -w -s start </dev/null || {
		cluster_log "$dir" >&2
		die "the throwaway cluster did not start"
	}
	cluster_env "$dir"
}

# cluster_stop DIR: stop the cluster in DIR. Its files stay until the scratch folder goes.
cluster_stop()
{
	if [[ -e $1/data/postmaster.pid ]]; then
		as_postgres "$pg_bindir/pg_ctl" -D "$1/data" -m fast -w -s stop </dev/null
	fi
}

# cluster_log DIR [LINES]: print the end of the cluster's log.
cluster_log()
{
	if [[ -s $1/log ]]; then
		printf -- '---- end of the server log\n'
		tail -n "${2:-40}" "$1/log"
	fi
}

# clusters_stop_all: stop every server that runs on a data folder below the scratch folder, those
# of interrupted TAP tests included.
clusters_stop_all()
{
	local pidfile

	[[ -n ${pg_bindir:-} && -d $scratch ]] || return 0
	find "$scratch" -name postmaster.pid -print0 2>/dev/null |
		while IFS= read -r -d '' pidfile; do
			as_postgres "$pg_bindir/pg_ctl" -D "$(dirname -- "$pidfile")" -m immediate -w -s stop \
				</dev/null >/dev/null 2>&1 || true
		done
}
