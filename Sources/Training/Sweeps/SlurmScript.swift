import Foundation

/// A Slurm job array that runs the cells of a sweep, one a task.
///
/// - Slurm's warning before the time limit (`--signal=B:USR1`) reaches the script, which asks the program to stop, waits for the checkpoint and puts
///   the task back into the queue.
/// - Where Slurm takes a task away (preemption, `scontrol requeue`), SIGTERM reaches the program itself, and Slurm starts the task again.
/// - A task whose cell is finished has nothing to do.
public struct SlurmScript: Sendable {
  let name: String
  let cells: Int
  let threads: Int
  /// Of the largest cell, without its features.
  let memoryBytes: Int
  /// Where the tasks' output goes; Slurm puts the task's number for `%a`.
  let log: String
  /// The program and its arguments, but for `--index` and `--threads`.
  let command: [String]

  public init(name: String, cells: Int, threads: Int, memoryBytes: Int, log: String, command: [String]) {
    self.name = name
    self.cells = cells
    self.threads = threads
    self.memoryBytes = memoryBytes
    self.log = log
    self.command = command
  }

  public var text: String {
    """
    #!/bin/bash
    # The cells of the sweep '\(SlurmScript.oneLine(name))', one a task. Submit it in the folder in which it was made: sbatch FILE
    # A task that is submitted again goes on where its checkpoint is; one whose cell is finished ends at once.
    #SBATCH --job-name=\(SlurmScript.word(name))
    #SBATCH --array=1-\(cells)
    #SBATCH --ntasks=1
    #SBATCH --cpus-per-task=\(threads)
    #SBATCH --requeue
    #SBATCH --open-mode=append
    #SBATCH --output=\(SlurmScript.word(log))
    # Two minutes before the time limit the task makes a checkpoint and queues itself again.
    #SBATCH --signal=B:USR1@120
    # Fill in what your cluster asks for; the largest cell's model takes about \(max(1, memoryBytes / 1_000_000)) MB beside the program itself.
    ##SBATCH --time=04:00:00
    ##SBATCH --mem=4G

    \(command.map(SlurmScript.quoted).joined(separator: " ")) \\
      --index "$SLURM_ARRAY_TASK_ID" --threads "${SLURM_CPUS_PER_TASK:-\(threads)}" &
    program=$!
    again=0
    # The first request asks for a checkpoint, a second one would end the program at once.
    trap '[ $again = 1 ] || { again=1; kill -TERM "$program"; }' USR1
    # Slurm sends this one to the program, too.
    trap : TERM
    # A trapped signal ends a wait early.
    while wait "$program"; kill -0 "$program" 2>/dev/null; do :; done
    wait "$program"
    status=$?
    if [ $again = 1 ] && [ $status = 130 ]; then
      scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
    fi
    exit $status

    """
  }

  /// For the shell.
  static func quoted(_ text: String) -> String {
    let plain = text.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          || "_-./=:@%+,".unicodeScalars.contains(scalar))
    }
    return plain && !text.isEmpty ? text : "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }

  /// For a line of `#SBATCH`, which ends at white space unless it is quoted.
  private static func word(_ text: String) -> String {
    let line = oneLine(text)
    return line.contains { $0 == " " || $0 == "\"" || $0 == "'" || $0 == "\\" || $0 == "#" }
      ? "\"" + line.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"") + "\""
      : line
  }

  private static func oneLine(_ text: String) -> String { String(text.map { $0.isNewline ? " " : $0 }) }
}
