import ArgumentParser
import Foundation
import Reporting
import Training

/// `serspec report`: one page.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a page with the tables and figures of finished runs.",
    discussion: """
      The page is one HTML file that needs neither network nor scripts, in light or dark as the reader has it, and prints. One run is reported by itself; \
      several are compared as by 'serspec compare'.
      """)

  @Argument(help: "Run directories, or folders of them.", completion: .directory)
  var runs: [String]

  @Option(
    name: [.customShort("o"), .customLong("output")], help: "Write to this file instead of standard output.",
    completion: .file(extensions: ["html"]))
  var output: String?

  @Option(help: "The heading. Made from the models' names by default.")
  var title: String?

  @OptionGroup var options: ComparisonOptions

  func run() throws {
    let page = ReportPage(try options.comparison(RunArguments.read(runs)), title: title).html
    if let output {
      try AtomicFile.write(page, to: output)
    } else {
      Console.result(page.trimmingCharacters(in: .newlines))
    }
  }
}
