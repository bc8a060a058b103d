/// The key that any layer takes beside its own: its name in checkpoints and tables.
public let nameField = Field(
  "name", .optional(.string), default: .value(.none),
  doc: "The layer's name in checkpoints and tables; its kind, numbered, where it is left out.")

extension Kind {
  /// The fields that a step of the kind can be written with: layers take a name beside their own.
  func writtenTable(in part: VocabularyPart) -> FieldTable {
    guard part == .layer, table.field(nameField.name) == nil else { return table }
    return FieldTable(table.fields + [nameField], primary: table.primary, exclusive: table.exclusive)
  }
}

/// repeat: layers that are written once and copied. Expansion replaces it, so no layer of that kind ever runs.
public let repeatKind = Kind(
  "repeat", summary: "Copies of layers, one after the other.",
  formula: "y = f(f(… f(x))), each copy with parameters of its own",
  example: """
    repeat:
      for: {out: [32, 64]}
      layers:
        - conv2d: {out_channels: "${out}", kernel_size: 3, padding: 1}
        - relu
    """,
  table: FieldTable(
    [
      Field("times", .optional(.integer(min: 0)), default: .value(.none), doc: "How many copies there are."),
      Field(
        "for", .optional(.dictionary(.list(.value))), default: .value(.none),
        doc: "Names with one value for each copy, usable in ${...}."),
      Field("layers", .steps(.layer), doc: "What is copied."),
    ], exclusive: ["times", "for"]))

/// The keys of `sweep`.
public let sweepTable = FieldTable([
  Field(
    "grid", .dictionary(.list(.value, min: 1)), default: .value(.dictionary([])),
    doc: "Parameters, paths of keys or 'extends', each with the values to try; the cells are all combinations."),
  Field(
    "cells", .list(.dictionary(.value)), default: .value(.list([])),
    doc: "Further cells, each a mapping from parameters or paths to values."),
  Field(
    "seeds", .optional(.either([.integer(min: 1), .list(.integer(min: 0), min: 1)])), default: .value(.none),
    doc: "Runs every cell with each of these seeds, or with that many from the spec's seed on."),
  Field(
    "exclude", .list(.dictionary(.value)), default: .value(.list([])),
    doc: "Leaves out the cells that have all the values of one of these mappings."),
  Field(
    "when", .optional(.string), default: .value(.none),
    doc: "Leaves out the cells for which this expression over their values is false."),
])
