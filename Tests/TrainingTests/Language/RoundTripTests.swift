import Diagnostics
import Spec
import Syntax
import Testing
import Training

/// What is printed means what was read, whatever the spec.
@Suite struct RoundTripTests {
  @Test("printing then reading gives the same experiment", arguments: 0..<10)
  func printsAndReads(_ part: Int) throws {
    for index in 0..<50 {
      var maker = MadeSpec(seed: part * 50 + index)
      let text = maker.text()
      let made = resolve(SourceFile(name: "made.yaml", text: text), vocabulary: .standard)
      let spec = try #require(
        made.spec, "\(text)\n\(TextRenderer(color: false).render(made.diagnostics.filter { $0.severity == .error }))")

      // The tree as text, and that text as a tree.
      let printed = emitYAML(spec.resolved)
      let read = try parseYAML(SourceFile(name: "printed.yaml", text: printed))
      #expect(read.means(sameAs: spec.resolved), "\(printed)")
      #expect(emitYAML(read) == printed)

      // What 'show --resolved' prints, with its comments, as a spec.
      let shown = resolvedText(spec, origins: true)
      let again = resolve(SourceFile(name: "shown.yaml", text: shown), vocabulary: .standard)
      #expect(again.spec?.hash == spec.hash, "\(shown)\n\(TextRenderer(color: false).render(again.diagnostics))")
      #expect(again.spec.map(labels) == labels(spec))
    }
  }

  /// The names of all layers, which those of a checkpoint's tensors begin with.
  private func labels(_ spec: ExperimentSpec) -> [String] {
    spec.model.nodes.flatMap { node in [node.name.value] + labels(node.layers, below: node.name.value) }
  }

  private func labels(_ steps: [Step], below path: String) -> [String] {
    steps.flatMap { step in
      let own = "\(path).\(step.label)"
      return [own] + step.values.values.flatMap { labels($0.value, below: "\(own).\($0.name)") }
    }
  }

  private func labels(_ value: FieldValue, below path: String) -> [String] {
    switch value.content {
    case .steps(let steps): labels(steps, below: path)
    case .list(let items): items.flatMap { labels($0, below: path) }
    default: []
    }
  }
}
