import Diagnostics
import Spec
import Syntax
import TestSupport
import Testing

/// Layers that hold others, copies of layers, and names.
@Suite("Structure") struct StructureTests {
  private func layers(_ text: String, blocks: String = "{}") throws -> [Step] {
    let indented = text.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n")
    let result = resolved(
      smallBase + "blocks: \(blocks)\nmodel:\n  logits:\n    from: spectral\n    layers:\n\(indented)\n")
    let spec = try #require(result.spec, "\(result.report)")
    let again = resolved(resolvedText(spec, origins: true))
    let second = try #require(again.spec, "\(again.report)")
    #expect(second.hash == spec.hash, "the resolved spec says the same")
    #expect(second.model.nodes[0].layers.map(\.label) == spec.model.nodes[0].layers.map(\.label))
    return spec.model.nodes[0].layers
  }

  private func diagnostics(_ text: String) -> [Diagnostic] { resolved(smallBase + text).diagnostics }

  @Test("repeat copies its layers as often as it says, each with a label of its own")
  func repeats() throws {
    let steps = try layers(
      """
      - repeat: {times: 2, layers: [relu, dropout: 0.1]}
      - repeat: {times: 0, layers: [silu]}
      - linear: 3
      """)
    #expect(steps.map(\.label) == ["repeat_1.relu", "repeat_1.dropout", "repeat_2.relu", "repeat_2.dropout", "linear"])
  }

  @Test("repeat with for gives each copy its values; repeats nest and see the names around them")
  func repeatsOverValues() throws {
    let steps = try layers(
      """
      - repeat:
          for: {width: [8, 16]}
          layers:
            - repeat: {times: 2, layers: [linear: "${width}"]}
      """)
    #expect(steps.map { $0.values.integer("out_features") } == [8, 8, 16, 16])
    #expect(steps[3].label == "repeat_2.repeat_2.linear")
  }

  @Test("a use of a block is copied as often as its repeat says")
  func blockRepeat() throws {
    let steps = try layers(
      "- dense: {repeat: 3, width: 4}", blocks: "{dense: {params: {width}, layers: [linear: \"${width}\", relu]}}")
    #expect(
      steps.map(\.label) == [
        "dense_1.linear", "dense_1.relu", "dense_2.linear", "dense_2.relu", "dense_3.linear", "dense_3.relu",
      ])
  }

  @Test("a name takes the place of the kind in labels, a block's name that of the block")
  func names() throws {
    let steps = try layers(
      """
      - linear: {name: embed, out_features: 4}
      - linear: 4
      - dense: {name: stage, for: {width: [4, 8]}}
      - relu: {name: last.relu}
      """, blocks: "{dense: {params: {width}, layers: [linear: {name: fc, out_features: \"${width}\"}]}}")
    #expect(steps.map(\.label) == ["embed", "linear", "stage_1.fc", "stage_2.fc", "last.relu"])
  }

  @Test("names are checked, and two layers cannot share one")
  func nameErrors() {
    let found = diagnostics(
      """
      model:
        logits:
          from: spectral
          layers:
            - relu: {name: a}
            - relu: {name: a}
            - relu: {name: "no spaces"}
            - relu: {name: [1]}
            - linear: 3
      """)
    #expect(found.map(\.id).sorted() == ["name.duplicate", "name.invalid", "value.type"])
  }

  @Test("a block that holds itself within a layer that holds layers is refused")
  func recursion() {
    let found = diagnostics(
      """
      blocks: {loop: {layers: [residual: [loop]]}}
      model: {logits: {from: spectral, layers: [loop, linear: 3]}}
      """)
    #expect(found.map(\.id) == ["block.recursive"])
  }

  @Test("layers within layers keep their own labels, and know the block that they came out of")
  func nested() throws {
    let steps = try layers(
      "- unit: {width: 4}", blocks: "{unit: {params: {width}, layers: [residual: [linear: \"${width}\", relu]]}}")
    #expect(steps.map(\.label) == ["unit.residual"])
    let inner = steps[0].values.steps("layers")
    #expect(inner.map(\.label) == ["linear", "relu"])
    #expect(inner[0].expandedFrom.map(\.value) == ["unit"])
  }

  @Test(
    "mistakes in repeat",
    arguments: [
      ("repeat: {times: -1, layers: [relu]}", "value.type"),
      ("repeat: {times: 2, for: {a: [1]}, layers: [relu]}", "key.exclusive"),
      ("repeat: {times: 2}", "key.missing"), ("repeat: {times: 2, layers: relu}", "value.type"),
      ("repeat: 3", "value.type"), ("repeat: {tims: 2, layers: [relu]}", "key.unknown"),
      ("repeat: {times: 1000000000, layers: [relu]}", "limit.layers"),
      ("repeat: {for: 3, layers: [relu]}", "block.for"),
    ])
  func repeatErrors(_ layer: String, _ id: String) {
    let found = diagnostics("model: {logits: {from: spectral, layers: [{\(layer)}, linear: 3]}}")
    #expect(found.map(\.id) == [id])
  }
}
