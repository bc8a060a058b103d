import Diagnostics
import Glibc

/// A process that computes one cell, in a process group of its own, so that Ctrl-C reaches the sweep alone, which then asks its cells to
/// stop; what it writes goes to a log.
final class CellProcess {
  /// How a process ended.
  enum End: Equatable {
    case exited(Int)
    case signalled(Int32)
  }

  let identifier: pid_t

  /// Starts `program` with `arguments`.
  ///
  /// - Parameter log: emptied first.
  /// - Throws: `DiagnosticFailure` with `run.cell_not_started`.
  init(_ program: String, _ arguments: [String], log: String) throws {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o666)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    let texts = ([program] + arguments).map { strdup($0) }
    defer { for text in texts { free(text) } }
    var identifier: pid_t = 0
    let code = posix_spawn(&identifier, program, &actions, &attributes, texts + [nil], environ)
    guard code == 0 else {
      throw DiagnosticFailure([
        Diagnostic(
          "run.cell_not_started", "cannot start a process for a cell, writing to '\(log)'",
          detail: "The system said: \(FileFailure.text(of: code)).")
      ])
    }
    self.identifier = identifier
  }

  /// How it ended; nil while it runs.
  func ended() -> End? {
    var status: Int32 = 0
    var result: pid_t
    repeat { result = waitpid(identifier, &status, WNOHANG) } while result < 0 && errno == EINTR
    if result == 0 { return nil }
    if result < 0 { return .exited(1) }
    // WIFEXITED, WEXITSTATUS and WTERMSIG are macros.
    return status & 0x7F == 0 ? .exited(Int(status >> 8 & 0xFF)) : .signalled(status & 0x7F)
  }

  /// Asks it to stop after a checkpoint.
  func stop() { kill(identifier, SIGTERM) }
}
