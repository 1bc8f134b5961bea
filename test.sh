#!/usr/bin/env bash
# Sets up what the tests need, builds, checks the formatting and runs every test project.
# The last line is "N passed, N failed"; the exit code is 0 only if something ran and nothing failed.
# Where the build or the formatting fails, no test runs and there is no such line.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Most of the time goes into programs that live for a second: it is not worth profiling their code, mapping it twice, or opening doors to debuggers.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0 DOTNET_EnableDiagnostics=0

say() { printf '== %s\n' "$*"; }

# The Swedish zone and Swedish formats come from the machine, not from .NET.
missing=()
[ -e /usr/share/zoneinfo/Europe/Stockholm ] || missing+=(tzdata)
compgen -G '/usr/lib/*/libicuuc.so.*' >/dev/null || compgen -G '/usr/lib*/libicuuc.so.*' >/dev/null || missing+=(libicu)
# Tests start PostgreSQL clusters of their own.
postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
postgres || missing+=(postgresql)
if [ ${#missing[@]} -gt 0 ]; then
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
    if ! command -v apt-get >/dev/null || { [ ${#as_root[@]} -gt 0 ] && ! sudo -n true 2>/dev/null; }; then
        echo "Missing on this machine: ${missing[*]}. Install them and start again." >&2
        exit 1
    fi
    say "Installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    # Debian's own cluster is not needed: none is made, and none started.
    if ! postgres && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        "${as_root[@]}" mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    packages=()
    for name in "${missing[@]}"; do
        # libicu carries its version in its name: libicu72, libicu76.
        if [ "$name" = libicu ]; then name=$(apt-cache search --names-only '^libicu[0-9]+$' | awk '{ print $1 }' | sort -V | tail -n 1); fi
        packages+=("$name")
    done
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
fi

say "Restore, as locked"
dotnet restore --locked-mode

say "Build (warnings are errors)"
dotnet build -c Release --no-restore

say "Formatting"
dotnet format --verify-no-changes --no-restore

results=$(mktemp -d) memory=$(mktemp -d)
trap 'rm -rf "$results" "$memory"' EXIT

# Some tests mount small disks in memory, to fill them and to take them away. In a mount namespace of their own nothing of it is left behind;
# with one of the user's own, no root is needed. There the tests' own folders lie in memory too: a kill loses no more than on a disk, and no
# test waits for one.
inside=()
for way in "unshare -m" "unshare -rm"; do
    # shellcheck disable=SC2086
    if $way mount -t tmpfs none "$memory" 2>/dev/null; then
        # shellcheck disable=SC2016
        read -ra inside <<<"$way"
        inside+=(sh -c 'mount -t tmpfs -o mode=1777 none "$0" && TMPDIR=$0 exec "$@"' "$memory")
        break
    fi
done
if [ ${#inside[@]} -eq 0 ] && [ "${INGEST_WITHOUT_VOLUMES:-}" != 1 ]; then
    echo "No disk can be mounted here (unshare -m, unshare -rm): the tests of full disks will fail. INGEST_WITHOUT_VOLUMES=1 leaves them out." >&2
fi
broken=0
for project in tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    say "$name"
    ${inside[@]+"${inside[@]}"} dotnet test "$project" -c Release --no-build --results-directory "$results" --logger "trx;LogFileName=$name.trx" || broken=1
done

# Once more on PostgreSQL, what there is time for each time: a file's way, a window's. INGEST_TEST_LEDGER=postgres runs any other there that is not SqliteOnly.
say "Ingest.Worker.Tests, with the ledger in PostgreSQL"
ledger=(Intake SharedId FailedIntake Window Delivery CutoffReceipt Misfit)
INGEST_TEST_LEDGER=postgres ${inside[@]+"${inside[@]}"} dotnet test tests/Ingest.Worker.Tests -c Release --no-build --results-directory "$results" --logger "trx;LogFileName=Ingest.Worker.Tests.postgres.trx" \
    --filter "TestCategory!=SqliteOnly&($(printf '|FullyQualifiedName~.%sTests.' "${ledger[@]}" | cut -c2-))" || broken=1

passed=0 failed=0 skipped=0
number() { sed -n "s/.*<Counters [^>]*\b$2=\"\([0-9]*\)\".*/\1/p" "$1"; }
for trx in "$results"/*.trx; do
    [ -e "$trx" ] || continue
    total=$(number "$trx" total) executed=$(number "$trx" executed) ok=$(number "$trx" passed)
    passed=$((passed + ok))
    failed=$((failed + executed - ok))
    skipped=$((skipped + total - executed))
done
echo
[ "$skipped" -eq 0 ] || echo "$skipped skipped"
if [ "$broken" -ne 0 ] && [ "$failed" -eq 0 ]; then echo "A test run ended without telling its results." >&2; fi
if [ $((passed + failed)) -eq 0 ]; then echo "No test ran." >&2; fi
echo "$passed passed, $failed failed"
[ "$broken" -eq 0 ] && [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
