import Diagnostics
import Layers
import Spec

/// The layers of a list item as it stands in a spec, such as `lstm: {hidden_size: 8}`, decoded with the real catalog.
func decodedLayers(_ item: String) throws -> [any Layer] {
  let text = """
    serspec: 1
    corpus: {name: toy, pattern: "{speaker}_{emotion}", label: emotion, classes: [SAD, HAP]}
    length: whole
    features: {x: [signal]}
    split: random
    train: {epochs: 1, optimizer: plain, loss: cross_entropy}
    model:
      logits:
        from: x
        layers:
          - \(item)
    """
  let resolution = resolve(SourceFile(name: "layer.yaml", text: text), vocabulary: layersAlone)
  guard let spec = resolution.spec else { throw DiagnosticFailure(resolution.diagnostics) }
  return spec.model.nodes[0].layers.compactMap { LayerCatalog.layer($0) }
}

/// The catalog, and of every other part of a spec the least that resolves.
private let layersAlone = Vocabulary(
  LayerCatalog.vocabulary.merging(
    [
      .featureStep: "signal", .lengthPolicy: "whole", .splitPolicy: "random", .optimizer: "plain",
      .loss: "cross_entropy",
    ].mapValues { [Kind($0, summary: "For tests.", table: FieldTable([]))] }
  ) { first, _ in first })
