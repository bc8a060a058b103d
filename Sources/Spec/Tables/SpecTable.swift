/// The version of the language that this program reads.
public let languageVersion = 1

/// The keys of a spec file. Its model's nodes can be joined by the vocabulary's combinators, hence the argument.
public func specTable(_ vocabulary: Vocabulary) -> FieldTable {
  let formulas = vocabulary.kind(NamedActivation.kindName, of: .layer).map { kind in
    [
      Field(
        "activations", .dictionary(.group(kind.table)), default: .value(.dictionary([])),
        doc: "Named activations by formula, used like a layer: names beside x are learnable.")
    ]
  }
  let before = [
    Field(
      "serspec", .integer(min: languageVersion, max: languageVersion),
      doc: "Version of the language that the file is written in."),
    Field(
      "name", .optional(.string), default: .value(.none),
      doc: "Name of runs; the file's name where it is left out. Not taken over by files that extend this one."),
    Field("doc", .string, default: .value(.string("")), doc: "What the experiment is about, for people."),
    Field(
      "extends", .either([.string, .list(.string)]), default: .value(.list([])),
      doc: "Specs that this one starts from, relative to it; later ones win, and this file over all."),
    Field(
      "params", .dictionary(.group(parameterTable)), default: .value(.dictionary([])),
      doc: "Named values for ${...}, which --set can change."),
    Field(
      "seed", .integer(min: 0), default: .value(.integer(42)),
      doc: "What initial weights, shuffling, dropout and augmentation are drawn from."),
    Field(
      "corpus", corpusType,
      doc:
        "The corpus: a name (corpora/NAME.yaml), a path that ends in .yaml, its keys inline, or a list of names and paths to "
        + "join."),
    Field(
      "audio", .steps(.audioStep), default: .value(.steps([])),
      doc: "Steps from a decoded file to the waveform that features are computed from."),
    Field(
      "on_bad_clip", .choice(BadClipPolicy.allCases.map(\.rawValue)),
      default: .value(.string(BadClipPolicy.error.rawValue)),
      doc: "Whether a clip that cannot be used stops the run or is left out and listed."),
    Field("length", .variant(tag: "policy", .lengthPolicy), doc: "How clips of different lengths share a batch."),
    Field(
      "features", .dictionary(.steps(.featureStep)),
      doc: "Named features, each a list of steps from the waveform to a tensor."),
    Field(
      "augment", .steps(.augmentation), default: .value(.steps([])),
      doc: "Random changes of training clips, drawn anew each epoch; validation and test never see them."),
    Field(
      "split", .variant(tag: "policy", .splitPolicy),
      doc: "How clips are divided into training, validation and test set."),
  ]
  let after = [
    Field(
      "blocks", .dictionary(.group(blockTable)), default: .value(.dictionary([])),
      doc: "Named lists of layers with parameters, used like a layer."),
    Field(
      "model", .dictionary(.group(nodeTable(vocabulary))),
      doc: "Named nodes; each is fed by features or other nodes, and 'logits' is the output."),
    Field("train", .group(trainTable), doc: "How the model is trained."),
    Field(
      "track", .steps(.tracker), default: .value(.steps([])),
      doc: "Viewers that the run is also written for; none of them changes a result."),
    Field(
      "sweep", .optional(.group(sweepTable)), default: .value(.none),
      doc: "Variants of the experiment, for 'serspec sweep'. Not taken over by files that extend this one."),
  ]
  return FieldTable(before + (formulas ?? []) + after)
}

/// The keys of a parameter; a bare value is its default.
public let parameterTable = FieldTable(
  [
    Field("default", .value, doc: "The value where --set gives no other."),
    Field(
      "one_of", .optional(.list(.value, min: 1)), default: .value(.none), doc: "The only values that are accepted."),
    Field("min", .optional(.number()), default: .value(.none), doc: "The least value that is accepted."),
    Field("max", .optional(.number()), default: .value(.none), doc: "The greatest value that is accepted."),
    Field("doc", .string, default: .value(.string("")), doc: "What the parameter means, for people."),
  ], primary: "default")

/// The keys of a block.
public let blockTable = FieldTable([
  Field(
    "params", .dictionary(.optional(.value)), default: .value(.dictionary([])),
    doc: "Names that a use of the block gives values to, with their defaults; ~ for those that must be given."),
  Field("layers", .steps(.layer), doc: "The layers that stand for the block."),
  Field("doc", .string, default: .value(.string("")), doc: "What the block is, for people."),
])
