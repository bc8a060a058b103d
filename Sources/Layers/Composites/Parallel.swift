import Spec

/// parallel: several branches over one input, joined. Inception's and DenseNet's way of building; with `mul`, gates.
public struct Parallel: Composite {
  public static let kind = Kind(
    "parallel", summary: "Branches over one input, joined by concat, add or another combinator.",
    formula: "y = join(branch1(x), branch2(x), …); an empty branch is x itself",
    example: """
      parallel:
        branches:
          - [conv1d: {out_channels: 32, kernel_size: 1}, relu]
          - [conv1d: {out_channels: 64, kernel_size: 3, padding: 1}, relu]
        join: concat
      """,
    table: FieldTable(
      [
        Field("branches", .list(.steps(.layer), min: 1), doc: "Lists of layers; an empty one passes the input on."),
        Field(
          "join", .choice(LayerCatalog.combinators.map { $0.kind.name }), default: .value(.string("concat")),
          doc: "How the outputs of the branches become one."),
      ], primary: "branches"))

  public let branches: [Branch]
  public let joint: any Combinator

  public init(_ values: FieldValues) {
    branches = values.list("branches").enumerated().map { index, value in
      guard case .steps(let steps) = value.content else { return Branch(name: "\(index + 1)", layers: []) }
      return Branch(name: "\(index + 1)", layers: steps)
    }
    let name = values.string("join")
    let type = LayerCatalog.combinators.first { $0.kind.name == name } ?? ConcatCombinator.self
    joint = type.init(.standard(type.kind.table))
  }
}
