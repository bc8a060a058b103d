import Diagnostics
import Glibc

/// Holds a folder for this process: an empty file `.lock` in it, under `flock`, removed at the end.
///
/// The system drops the lock when the process dies, however it dies; a `.lock` that was left behind holds nobody up.
final class FolderLock {
  static let fileName = ".lock"

  private let path: String
  private var descriptor: Int32

  /// Nil where another process, or another object of this one, holds the folder.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed` where the lock file cannot be made.
  init?(_ folder: String) throws {
    path = folder + "/" + Self.fileName
    // The holder removes the file, so what was opened may be gone by the time it is locked: then try the new one.
    while true {
      descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw FileFailure.write(path, doing: "create it", code: errno) }
      // Somebody who only asks whether the folder is held, as `isHeld` does, holds it for a moment.
      var patience = 5
      while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        if errno == EINTR { continue }
        let code = errno
        if code == EWOULDBLOCK, patience > 0 {
          patience -= 1
          usleep(10_000)
          continue
        }
        close(descriptor)
        descriptor = -1
        if code == EWOULDBLOCK { return nil }
        throw FileFailure.write(path, doing: "lock it", code: code)
      }
      if isCurrent { return }
      close(descriptor)
    }
  }

  /// Whether a process holds `folder` just now.
  static func isHeld(_ folder: String) -> Bool {
    let descriptor = open(folder + "/" + fileName, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// Whether the locked file is still the one that the path leads to.
  private var isCurrent: Bool {
    var held = stat()
    var found = stat()
    return fstat(descriptor, &held) == 0 && stat(path, &found) == 0
      && held.st_ino == found.st_ino && held.st_dev == found.st_dev
  }

  /// Gives the folder up. A second call does nothing.
  func release() {
    guard descriptor >= 0 else { return }
    if isCurrent { unlink(path) }
    close(descriptor)
    descriptor = -1
  }

  deinit { release() }
}
