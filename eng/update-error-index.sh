#!/usr/bin/env bash
# Writes docs/errors/README.md from the titles of the pages beside it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../docs/errors"
{
  cat <<'HEAD'
# Errors

Every failure that PeftStudio can foresee is a `PeftStudioException`: a stable `Code`, what was asked for, what is there, and what to do. The message shows the
same parts in the same order. Bad arguments of single calls (null, negative) are the usual `ArgumentException`s of .NET.

Numbers are never reused. Ranges: 10 checkpoints, 11 text, 12 adapters, 13 data, 14 training, 15 generation, 16 machine, 17 files, 18 options.

| code | what happened |
| --- | --- |
HEAD
  for page in PS*.md; do
    title="$(head -n 1 "$page")"
    code="${page%.md}"
    echo "| [$code]($page) | ${title#"# $code: "} |"
  done
} > README.md
