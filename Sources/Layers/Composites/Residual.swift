import Spec

/// residual: the sum of some layers' output and their input. He, Zhang, Ren, Sun 2016, "Deep Residual Learning for
/// Image Recognition".
public struct Residual: Composite {
  public static let kind = Kind(
    "residual", summary: "Adds the input, or a projection of it, to the output of layers.",
    formula: "y = layers(x) + shortcut(x); the shortcut is x itself where none is given",
    example: """
      residual:
        layers:
          - conv1d: {out_channels: 64, kernel_size: 3, padding: 1}
          - group_norm: 1
        shortcut:
          - conv1d: {out_channels: 64, kernel_size: 1}
      """,
    table: FieldTable(
      [
        Field("layers", .steps(.layer), doc: "Layers whose output is added to the input."),
        Field(
          "shortcut", .steps(.layer), default: .value(.steps([])),
          doc: "What brings the input to the shape of the output; none where the shapes are equal."),
      ], primary: "layers"))

  public let branches: [Branch]
  public var joint: any Combinator { AddCombinator() }

  public init(_ values: FieldValues) {
    branches = [
      Branch(name: "", layers: values.steps("layers")), Branch(name: "shortcut", layers: values.steps("shortcut")),
    ]
  }
}
