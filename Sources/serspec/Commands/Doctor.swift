import ArgumentParser
import Diagnostics
import Foundation
import Reporting
import Spec
import Training

/// `serspec doctor`: what is odd about a corpus.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at every clip of a corpus: what cannot be used, and what is odd.",
    discussion: """
      Names clips that cannot be read, are silent, cut short, clipped, very short or long, doubled, or unlike the others, and \
      files that are not named like clips; tabulates classes, speakers, formats and durations. Exit code 4 where something \
      would stop a run. docs/doctor.md says from where on a clip is called odd.
      """)

  @Argument(help: "The spec file.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @Option(help: "The corpus's folder.", completion: .directory)
  var data: String?

  @Option(help: "Threads to decode with. All processors by default.")
  var threads: Int?

  @Flag(help: "Name every clip, not just the first of each kind.")
  var all = false

  @Flag(help: "Write one JSON document.")
  var json = false

  @Flag(help: "Show no progress.")
  var quiet = false

  @OptionGroup var options: SpecOptions

  private static let namedClips = 10

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes a number from 1 to 1024.") }
  }

  func run() throws {
    let experiment = try options.resolved(spec)
    let progress = ProgressLine(quiet: quiet)
    let examination: CorpusExamination
    do {
      defer { progress.end() }
      examination = try CorpusExamination(
        experiment, data: data, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount
      ) { done, total in
        if done == 1 { progress.begin("clips", total: total) }
        progress.advance(to: done)
      }
    }
    let report = InspectionReport(
      examination.inspection, corpus: experiment.corpus, diagnostics: examination.diagnostics)
    if json {
      Console.result(report.json.text().trimmingCharacters(in: .newlines))
    } else {
      Console.result(report.text(color: Console.usesColor(STDOUT_FILENO), limit: all ? .max : Self.namedClips))
      Console.report(report.diagnostics)
    }
    if report.errors > 0 { throw ExitStatus.badData }
  }
}
