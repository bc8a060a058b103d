import Diagnostics
import Foundation
import TestSupport
import Testing

@Suite struct CompareCommandTests {
  @Test func runsAreComparedReportedAndDrawn() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    for seed in ["1", "2"] {
      #expect(
        try Program.run(["run", "small.yaml", "--quiet", "--epochs", "1", "--seed", seed], in: folder).status == 0)
    }
    #expect(
      try Program.run(["run", "small.yaml", "--quiet", "--epochs", "2", "--seed", "1"], in: folder).status == 0)
    let text = try Program.run(["compare", "runs"], in: folder)
    #expect(text.status == 0 && text.errors.isEmpty, "\(text.errors)")
    #expect(text.output.contains("epochs") && text.output.contains("McNemar") && text.output.contains("synthesized"))
    let document = try JSON.parse(
      Program.run(["compare", "runs", "--format", "json", "--draws", "200"], in: folder).output)
    #expect(document["experiments"]?.asArray?.map { $0["runs"]?.asArray?.count } == [2, 1])
    for format in ["md", "csv", "latex"] {
      let result = try Program.run(["compare", "runs", "--format", format], in: folder)
      #expect(result.status == 0 && result.output.contains("epochs"), "\(format)")
    }
    #expect(try Program.run(["report", "runs", "-o", "report.html"], in: folder).status == 0)
    #expect(try folder.text("report.html").hasPrefix("<!DOCTYPE html>"))
    for figure in ["curves", "confusion", "lr", "f1"] {
      let result = try Program.run(["plot", figure, "runs", "-o", "\(figure).svg"], in: folder)
      #expect(result.status == 0 && result.output.isEmpty, "\(figure): \(result.errors)")
      #expect(try folder.text("\(figure).svg").contains("<svg"))
    }
    #expect(try Program.run(["compare", "runs", "--format", "csv", "--table", "rows"], in: folder).status == 2)
    #expect(try Program.run(["compare", "runs", "--baseline", "none"], in: folder).status == 4)
  }

  @Test func whatCannotBeReadIsNamedAndLeftOut() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    #expect(try Program.run(["run", "small.yaml", "--quiet", "--epochs", "1"], in: folder).status == 0)
    let run = try SmallExperiment.directory(folder)
    try FileManager.default.copyItem(atPath: run, toPath: folder.file("runs/damaged"))
    try "file,speaker\n".write(
      toFile: folder.file("runs/damaged/predictions.csv"), atomically: true, encoding: .utf8)
    let some = try Program.run(["compare", "runs", "missing"], in: folder)
    #expect(some.status == 0 && some.output.contains("small"))
    #expect(some.errors.contains("'runs/damaged' is left out") && some.errors.contains("'missing' is left out"))
    #expect(some.errors.contains("runs/damaged/predictions.csv:1:1"))
    let none = try Program.run(["compare", "runs/damaged"], in: folder)
    #expect(none.status == 4 && none.output.isEmpty && none.errors.contains("data.no_runs"))
  }
}
