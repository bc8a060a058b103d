import ArgumentParser
import Diagnostics
import Foundation
import Reporting
import Spec
import Training

/// `serspec layers`: everything that a spec can name.
struct LayersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layers",
    abstract: "List all layers, and everything else that a spec can name; or show one with its formula and fields.")

  @Argument(
    help: "A layer, combinator, step, policy, optimizer, schedule or loss, such as conv1d.",
    completion: .list(VocabularyPart.allCases.flatMap { Vocabulary.standard.names(of: $0) }))
  var name: String?

  @Flag(help: "Write one JSON document.")
  var json = false

  func run() throws {
    let reference = KindReference(.standard)
    guard let name else {
      Console.result(json ? text(reference.json) : reference.overview)
      return
    }
    let kinds = reference.kinds(named: name)
    if kinds.isEmpty {
      let meant = nearest(name, in: reference.names).map { "; did you mean '\($0)'?" } ?? "."
      Console.error("Error: there is nothing called '\(name)'\(meant) See `serspec layers` for all.")
      throw ExitStatus.usage
    }
    if json {
      Console.result(text(reference.json(of: kinds)))
    } else {
      Console.result(kinds.map(reference.page).joined(separator: "\n\n\n"))
    }
  }

  private func text(_ document: JSON) -> String { document.text().trimmingCharacters(in: .newlines) }
}
