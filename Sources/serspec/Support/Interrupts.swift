import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM as a wish to stop: the first asks, the second ends the process at once.
final class Interrupts: Sendable {
  private static let asked = Atomic<Bool>(false)

  /// Whether a signal has come.
  static var requested: Bool { asked.load(ordering: .relaxed) }

  /// Starts to listen for the rest of the process.
  static func listen() {
    // A program that starts this one may have blocked the signals; the mask is inherited.
    var ours = sigset_t()
    sigemptyset(&ours)
    for number in [SIGINT, SIGTERM] { sigaddset(&ours, number) }
    pthread_sigmask(SIG_UNBLOCK, &ours, nil)
    // A limit on the size of files (ulimit -f) is an error of the write that meets it, as a full disk is.
    signal(SIGXFSZ, SIG_IGN)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        // Only what is safe in a signal handler: an atomic and _exit.
        if Interrupts.asked.exchange(true, ordering: .relaxed) { _exit(130) }
      }
    }
  }
}
