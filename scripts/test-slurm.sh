#!/bin/bash
# Runs a sweep as a job array on a real Slurm of one node on the loopback interface (Debian: apt-get install slurm-wlm munge). Needs root, and
# leaves nothing behind. What is tried: an array with tasks that are stopped by Slurm's warning before the time limit and by `scontrol requeue`, each of which
# must go on to its end in a run of its own, and an array that is submitted a second time.
set -euo pipefail

program=$(realpath "${SERSPEC:-.build/release/serspec}")
root=$(realpath "$(dirname "$0")/..")
for command in slurmctld slurmd munged sbatch; do
  command -v $command >/dev/null || { echo "$0: there is no $command: apt-get install slurm-wlm munge" >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo "$0: Slurm's daemons need root here" >&2; exit 2; }

work=$(mktemp -d)
# munge refuses folders that others can write to on the way to its socket.
chmod 755 "$work"
pids=()
finish() {
  # Tasks outlive the daemons.
  if [ -n "${array:-}" ]; then
    scancel "$array" 2>/dev/null || true
    sleep 3
  fi
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

mkdir -m 755 "$work/munge"
head -c 1024 /dev/urandom >"$work/munge/key"
chmod 600 "$work/munge/key"
munged --force --foreground --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
  --log-file="$work/munge/log" --seed-file="$work/munge/seed" >"$work/munged.log" 2>&1 &
pids+=($!)

host=$(hostname -s)
mkdir "$work/state" "$work/spool"
cat >"$work/slurm.conf" <<EOF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
SlurmctldPort=16817
SlurmdPort=16818
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1,batch_sched_delay=0
KillWait=30
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
EOF
export SLURM_CONF="$work/slurm.conf"
slurmctld -D -f "$SLURM_CONF" >"$work/slurmctld.log" 2>&1 &
pids+=($!)
slurmd -D -f "$SLURM_CONF" -N "$host" >"$work/slurmd.log" 2>&1 &
pids+=($!)
for _ in $(seq 60); do
  sinfo -h -o %T 2>/dev/null | grep -q idle && break
  sleep 0.5
done
sinfo -h -o %T 2>/dev/null | grep -q idle || { cat "$work/slurmctld.log" "$work/slurmd.log" >&2; exit 1; }

mkdir "$work/job"
cd "$work/job"
source "$root/scripts/small-experiment.sh"
small_experiment "$root" 4 <<'EOF'
split: {policy: stratified, test: 0.25, val: 0.2}
model:
  logits: {from: spectral, layers: [conv1d: {out_channels: 64, kernel_size: 3}, relu, global_avg_pool, linear: "${classes}"]}
train: {epochs: 600, batch_size: 4}
sweep: {grid: {seed: [1, 2]}}
EOF
"$program" sweep small.yaml --prepare
"$program" sweep small.yaml --threads 1 --slurm small.sbatch

epoch() { "$program" sweep small.yaml --list --json | tr -d ' \n' | grep -o '"state":"[a-z]*","epoch":[0-9]*' | sed -n "$1p"; }
array=$(sbatch --parsable small.sbatch)
until [[ $(epoch 1) =~ epoch\":[1-9] && $(epoch 2) =~ epoch\":[1-9] ]]; do sleep 0.2; done
echo "both tasks train: $(epoch 1) $(epoch 2)"
# As at the time limit: the script alone is warned.
scancel --batch --signal=USR1 "${array}_1"
# As at a preemption: Slurm takes the task away.
scontrol requeue "${array}_2"
# Slurm does not start a job again in the second in which it was taken away.
sleep 5
for _ in $(seq 600); do
  [ -z "$(squeue -h -j "$array" 2>/dev/null)" ] && break
  # A task that was put back waits a while before Slurm starts it again.
  for task in 1 2; do scontrol release "${array}_$task" 2>/dev/null || true; scontrol update "jobid=${array}_$task" starttime=now 2>/dev/null || true; done
  sleep 0.5
done
[ -z "$(squeue -h -j "$array")" ] || { squeue; cat runs/*.sweep/logs/*.log | tail -40; exit 1; }

failed=0
for run in runs/small-*/status.json; do
  log=$(dirname "$run")/train.log
  started=$(grep -c '  started: ' "$log" || true)
  resumed=$(grep -c '  resumed after step' "$log" || true)
  state=$(grep -o '"state": "[a-z]*"' "$run")
  echo "$run: $state, started $started, resumed $resumed"
  [ "$state" = '"state": "finished"' ] && [ "$started" = 1 ] && [ "$resumed" -ge 1 ] || failed=1
done
[ "$(ls -d runs/small-*/checkpoints | wc -l)" = 2 ] || failed=1

# Once more: nothing is left to do.
before=$(cat runs/small-*/train.log | sha256sum)
sbatch --wait small.sbatch
[ "$before" = "$(cat runs/small-*/train.log | sha256sum)" ] || { echo "a finished cell ran again" >&2; failed=1; }
grep -q 'is finished' runs/*.sweep/logs/1.log || failed=1
[ $failed = 0 ] && echo "Slurm: all is well" || { tail -30 runs/*.sweep/logs/*.log >&2; exit 1; }
