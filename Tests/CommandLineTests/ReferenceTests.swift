import Diagnostics
import Foundation
import TestSupport
import Testing

/// The commands that document the language and draw models.
@Suite struct ReferenceTests {
  @Test func layersAreListedAndExplained() throws {
    let folder = try TemporaryFolder()
    let all = try Program.run(["layers"], in: folder)
    #expect(all.status == 0 && all.output.contains("conv1d") && all.output.contains("adam"))
    let one = try Program.run(["layers", "conv1d"], in: folder)
    #expect(one.output.contains("kernel_size") && one.output.contains("required") && one.output.contains("Example"))
    #expect(try Program.run(["layers", "mfcc"], in: folder).output.hasPrefix("mfcc (feature step)\n"))
    let wrong = try Program.run(["layers", "cov1d"], in: folder)
    #expect(wrong.status == 2 && wrong.errors.contains("did you mean 'conv1d'?") && wrong.output.isEmpty)
    let document = try JSON.parse(Program.run(["layers", "elu", "--json"], in: folder).output)
    let fields = document["kinds"]?.asArray?.first?["fields"]?.asArray
    #expect(fields?.first?["name"] == "alpha" && fields?.first?["default"] == 1)
  }

  @Test func theSchemaIsWritten() throws {
    let folder = try TemporaryFolder()
    let schema = try JSON.parse(Program.run(["schema"], in: folder).output)
    #expect(schema["properties"]?["model"] != nil)
    #expect(try JSON.parse(Program.run(["schema", "--corpus"], in: folder).output)["properties"]?["pattern"] != nil)
    #expect(try Program.run(["schema", "--ebnf"], in: folder).output.contains("\nexpression ::= "))
    #expect(try Program.run(["schema", "--ebnf", "--corpus"], in: folder).status == 2)
  }

  @Test func plansAreShown() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    let text = try Program.run(["show", "small.yaml", "--plan"], in: folder)
    #expect(text.status == 0 && text.output.contains("arena") && text.output.contains("first_moment"))
    #expect(text.output.contains("at the peak"))
    let plan = try JSON.parse(
      Program.run(["show", "small.yaml", "--plan", "--json", "--batch", "3"], in: folder).output)
    #expect(plan["batch_size"] == 3 && plan["mode"] == "training")
    let steps = plan["steps"]?.asArray ?? []
    #expect(steps.contains { $0["layer"] == "frames.conv1d" && ($0["kept_bytes"]?.asInteger ?? 0) > 0 })
    #expect((plan["memory"]?["optimizer_bytes"]?.asInteger ?? 0) > 0)
    let inference = try JSON.parse(
      Program.run(["show", "small.yaml", "--plan", "--json", "--inference", "--threads", "1"], in: folder).output)
    #expect(inference["memory"]?["gradient_bytes"] == 0 && inference["memory"]?["optimizer_bytes"] == 0)
    for wrong in [["--batch", "3"], ["--plan", "--batch", "0"], ["--plan", "--graph"], ["--inference"]] {
      #expect(try Program.run(["show", "small.yaml"] + wrong, in: folder).status == 2)
    }
  }

  @Test func modelsAreDrawn() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    let picture = try Program.run(["show", "small.yaml", "--svg", "-o", "small.svg"], in: folder)
    #expect(picture.status == 0 && picture.output.isEmpty)
    let svg = try folder.text("small.svg")
    #expect(svg.contains("<svg") && svg.contains("frames.conv1d: conv1d, output"))
    let graph = try Program.run(["show", "small.yaml", "--dot"], in: folder)
    #expect(graph.output.hasPrefix("digraph \"small\" {") && graph.output.hasSuffix("}\n"))
    #expect(graph.output.components(separatedBy: " -> ").count - 1 == 12)
    #expect(try Program.run(["show", "small.yaml", "--dot", "--svg"], in: folder).status == 2)
  }
}
