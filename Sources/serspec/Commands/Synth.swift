import ArgumentParser
import Corpus
import Diagnostics
import Foundation
import Reporting
import Spec
import Training

/// `serspec synth`: the demo corpus as files.
struct Synth: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the built-in speech-like corpus as WAV files, or one with the names and durations of a list.",
    discussion: """
      The clips are synthesized: for trying things and for rehearsing a corpus at full size, not for results.
      With --manifest, a CSV file with a column 'file' and one of 'seconds' or 'bytes' (of a 16 kHz, 16 bit mono WAV) gives
      names and durations; --corpus says how to read speaker and emotion from the names.
      """)

  @Argument(help: "The folder to write to.", completion: .directory)
  var folder: String

  @Option(help: "A CSV file of names and durations.", completion: .file(extensions: ["csv"]))
  var manifest: String?

  @Option(
    help: "The corpus that says how names are made up and how its classes sound.",
    completion: .file(extensions: ["yaml"]))
  var corpus = "demo"

  @Flag(help: "Show no progress.")
  var quiet = false

  func run() throws {
    let spec = try resolveCorpus(corpus, libraryFolders: Library.folders, vocabulary: .standard)
    let list = try manifest.map { try Manifest(path: $0) }
    let progress = ProgressLine(quiet: quiet)
    let written = try writeCorpus(to: folder, corpus: spec, manifest: list) { done, total in
      if done == 1 { progress.begin("synthesizing", total: total) }
      progress.advance(to: done)
    }
    progress.end()
    Console.report(written.warnings)
    let minutes = String(format: "%.1f", written.seconds / 60)
    Console.result("\(written.clips) synthesized clips, \(minutes) minutes, in \(folder)")
  }
}
