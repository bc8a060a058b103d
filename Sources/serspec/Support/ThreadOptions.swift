import ArgumentParser
import Foundation

/// How many threads a command computes with.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads to compute with; results do not depend on it. All processors by default.")
  var threads: Int?

  var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes a number from 1 to 1024.") }
  }
}
