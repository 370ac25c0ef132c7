#!/usr/bin/env bash
# Declares every public member that the code has: writes PublicAPI.Unshipped.txt of each package and the union at the top.
# Run it after a change of public API; the diff of these files is what a reviewer looks at.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C

readonly header='#nullable enable'
readonly log="$(mktemp)"
trap 'rm -f "$log"' EXIT

for folder in src/*/; do
  [[ -f "${folder}PublicAPI.Shipped.txt" ]] || echo "$header" > "${folder}PublicAPI.Shipped.txt"
  echo "$header" > "${folder}PublicAPI.Unshipped.txt"
done

# With nothing declared the analyzer names each member; as warnings, so that packages further up are compiled too.
if ! dotnet build src/PeftStudio/PeftStudio.csproj -p:TreatWarningsAsErrors=false -tl:off -nologo > "$log" 2>&1; then
  grep -E 'error' "$log" | sort -u >&2
  echo 'The code does not compile, so its public API cannot be listed.' >&2
  exit 1
fi

for folder in src/*/; do
  project="$(basename "$folder")"
  file="${folder}PublicAPI.Unshipped.txt"
  {
    echo "$header"
    # Analyzer's line: warning RS0016: Symbol '<declaration>' is not part of the declared public API (…) [<project file>]
    { grep -F "/$project.csproj]" "$log" || true; } | sed -n "s/^.*warning RS0016: Symbol '\(.*\)' is not part of the declared.*$/\1/p" | sort -u
    # What was shipped and is gone is declared as removed.
    { grep -F "/$project.csproj]" "$log" || true; } | sed -n "s/^.*warning RS0017: Symbol '\(.*\)' is part of the declared.*$/*REMOVED*\1/p" | sort -u
  } > "$file"
  printf '%6d  %s\n' "$(($(wc -l < "$file") - 1))" "$file"
done

{
  echo "$header"
  cat src/*/PublicAPI.Shipped.txt src/*/PublicAPI.Unshipped.txt | grep -vxF "$header" | sort -u
} > PublicAPI.Shipped.txt
printf '%6d  %s\n' "$(($(wc -l < PublicAPI.Shipped.txt) - 1))" PublicAPI.Shipped.txt
