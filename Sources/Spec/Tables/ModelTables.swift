/// The node whose output is the model's.
public let outputNode = "logits"

/// The keys of a node of `model`: `from` or one of the vocabulary's combinators, layers and what is expected.
public func nodeTable(_ vocabulary: Vocabulary) -> FieldTable {
  let combinators = vocabulary.kinds[.combinator] ?? []
  return FieldTable(
    [Field("from", .optional(.string), default: .value(.none), doc: "The feature or node that feeds this one.")]
      + combinators.map {
        Field($0.name, .optional(.group($0.table)), default: .value(.none), doc: $0.summary)
      } + [
        Field("layers", .steps(.layer), default: .value(.steps([])), doc: "Layers that are applied in order."),
        Field(
          "expect", .optional(.group(expectationTable)), default: .value(.none), doc: "What 'validate' checks here."),
      ], exclusive: ["from"] + combinators.map(\.name))
}

/// The keys of a node's `expect`.
public let expectationTable = FieldTable([
  Field(
    "shape", .optional(.list(.optional(.integer(min: 1)), min: 1)), default: .value(.none),
    doc: "The output's shape without the batch axis; ~ where an extent is free."),
  Field(
    "parameters", .optional(.integer(min: 0)), default: .value(.none),
    doc: "The number of learnable values in the node's own layers."),
])
