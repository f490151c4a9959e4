# What `demo` and `cheat` have in common: sourced, never run. The caller stands in the repository's root.
# shellcheck shell=bash
example=examples/cohort-regression
guests=.build/guests
cli=$PWD/.build/release/2cvm
participants=(hospital-a hospital-b hospital-c statistician)

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' faint=$'\e[2m' plain=$'\e[0m'; else bold='' faint='' plain=''; fi
step() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
say() { printf '  %s\n' "$1"; }
quote() { sed "s|$work/||g" "$1" | fold -s -w 100 | sed "s/^/  $faint| $plain/"; }
fail() {
    printf '%s: error: %s\n' "$(basename "$0")" "$1" >&2
    exit 1
}

for file in "$cli" "$guests"/{moments,moments-cheat,regression,regression-cheat}.wasm; do
    [ -f "$file" ] || fail "$file is missing: run make demo"
done
work=$(mktemp -d)

# Each participant has a home, and so an address book and a ledger, of its own.
as() { # participant, arguments of the command
    local home=$work/$1
    shift
    TWOCVM_HOME=$home "$cli" "$@"
}

# Runs a command whose words matter only when it fails.
quietly() { # command
    "$@" > "$work/words" 2>&1 || { cat "$work/words" >&2; fail "this should have worked: $3 $4"; }
}

make_keys() {
    local name other key
    mkdir "$work/public"
    for name in "${participants[@]}"; do
        mkdir "$work/$name"
        quietly as "$name" key new "$name" --directory "$work/$name"
        cp "$work/$name/$name.pub" "$work/public/"
    done
    for other in "${participants[@]}"; do
        key=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["signingKey"])' "$work/public/$other.pub")
        say "$(printf '%-13s %s' "$other" "$key")"
        for name in "${participants[@]}"; do
            [ "$name" = "$other" ] || quietly as "$name" key trust "$other" "$key"
        done
    done
}

# Everybody signs the draft in a folder, and the envelopes are joined into one.
sign() { # the folder, which holds draft.json
    local name envelopes=()
    for name in "${participants[@]}"; do
        quietly as "$name" manifest sign "$1/draft.json" --key "$work/$name/$name.key" --output "$1/$name.json"
        envelopes+=("$1/$name.json")
    done
    quietly as statistician manifest join "${envelopes[@]}" --output "$1/signed.json"
    quietly as hospital-a manifest verify "$1/signed.json"
}

# A later --component takes the place of an earlier one.
draft() { # folder, the component that stands for moments-a, more arguments
    mkdir "$work/$1"
    python3 "$example/draft.py" --keys "$work/public" --component "moments-a=$2" \
        --component "moments-b=$guests/moments.wasm" --component "moments-c=$guests/moments.wasm" \
        --component "regression=$guests/regression.wasm" "${@:3}" > "$work/$1/draft.json"
}

# What the manifest in a folder permits, in the command's own words.
explain() { # folder
    quietly as hospital-a manifest check "$work/$1/draft.json"
    quietly as hospital-a manifest explain "$work/$1/draft.json" --own "$work/hospital-a/hospital-a.pub"
    awk '/^[A-Z]/ { shown = /may flow|can learn what/; if (shown && count++) print "" } shown && NF' \
        "$work/words" > "$work/part"
    quote "$work/part"
}

# Whether a row of any hospital is in what came out.
holds_rows() { # files or folders
    cat "$example"/data/hospital-?.csv | grep '^[0-9]' > "$work/rows"
    grep -rqF --file="$work/rows" "$@"
}
