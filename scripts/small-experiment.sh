# To be sourced by scripts that try whole runs.

# small_experiment ROOT SPEAKERS: makes the working directory one where `serspec run small.yaml` trains on a few synthesized clips of a second,
# with a feature cache of its own. What the spec has besides (split, model, train) is read from standard input.
small_experiment() {
  export SERSPEC_CACHE="$PWD/cache"
  sed "s/speakers: 24/speakers: $2/; s/sentences: 12/sentences: 3/" "$1/specs/corpora/demo.yaml" >few.yaml
  {
    cat <<EOF
serspec: 1
name: small
extends: $1/specs/base/report.yaml
corpus: few.yaml
length: {policy: fixed, seconds: 1}
EOF
    cat
  } >small.yaml
}
