#!/usr/bin/env bash
# Renews the locks from pyproject.toml and pins.txt. Needs uv; read the difference before committing it.
#   base.txt   the command line on a server      gui.txt   the same with the window
#   dev.txt    the same with the test suite      build.txt what installs this project itself
#   freeze.txt what freezes the program          audit.txt what asks for known weaknesses
# One resolution covers all six, so what is tested is what is shipped.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Nothing younger than two weeks: a package that was taken over is usually found out in that time.
# With hour and minute, because a day alone would let in all of that day, which lock_changes.py then refuses.
latest=$(python3 -c 'import datetime as d; print((d.datetime.now(d.timezone.utc) - d.timedelta(days=14)).strftime("%Y-%m-%dT%H:%M:%SZ"))')
whole=$(mktemp)
trap 'rm -f "$whole"' EXIT
compile() {
  uv pip compile --quiet --upgrade --exclude-newer "$latest" --universal --python-version 3.11 --generate-hashes --only-binary :all: \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
    --constraint packaging/requirements/pins.txt "$@"
}

compile pyproject.toml --extra dev --group build --group freeze --group audit --output-file "$whole"
compile pyproject.toml --constraint "$whole" --output-file packaging/requirements/base.txt
compile pyproject.toml --extra gui --constraint "$whole" --output-file packaging/requirements/gui.txt
compile pyproject.toml --extra dev --constraint "$whole" --output-file packaging/requirements/dev.txt
for group in build freeze audit; do
  compile --group "$group" --constraint "$whole" --output-file "packaging/requirements/$group.txt"
done
