import ArgumentParser
import Diagnostics
import Foundation
import Reporting
import Spec
import Syntax
import Training

/// `serspec sweep`: the variants of an experiment.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "List the cells of a spec's sweep.",
    discussion: """
      Every command that takes a spec takes a cell of its sweep too: serspec run specs/report-grid.yaml#7
      """)

  @Argument(help: "The spec file.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @Flag(help: "List all cells with their parameters; nothing runs.")
  var list = false

  @Flag(help: "Write one JSON document.")
  var json = false

  @OptionGroup var options: SpecOptions

  func validate() throws {
    if !list { throw ValidationError("Give --list. To run a cell: serspec run \(spec)#1") }
  }

  func run() throws {
    let source = try readSource(path: spec)
    let list = try SweepList(source) { try options.resolution(source, cell: $0) }
    if json {
      Console.result(list.json.text().trimmingCharacters(in: .newlines))
      return
    }
    var keys: [String] = []
    for entry in list.entries { keys += entry.cell.values.map(\.key).filter { !keys.contains($0) } }
    var table = TextTable(
      [.init("cell", .right)] + keys.map { .init($0) }
        + [.init("parameters", .right), .init("multiply-adds", .right), .init("hash")])
    for entry in list.entries {
      let values = keys.map { key in entry.cell.values.last { $0.key == key }.map { flowText($0.value) } ?? "" }
      table.add(
        ["\(entry.cell.index)"] + values
          + [grouped(entry.parameters), grouped(entry.multiplyAdds), String(entry.spec.hash.prefix(8))])
    }
    Console.result(table.text().trimmingCharacters(in: .newlines))
  }
}
