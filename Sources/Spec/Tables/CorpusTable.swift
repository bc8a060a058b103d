/// The keys of a corpus file, and of `corpus` where it is a mapping.
public let corpusTable = FieldTable([
  Field("name", .string, doc: "What the corpus is called in commands and records."),
  Field("title", .string, default: .value(.string("")), doc: "The corpus's full name."),
  Field("licence", .string, default: .value(.string("")), doc: "The terms that the audio comes under."),
  Field(
    "obtain", .string, default: .value(.string("")), doc: "How to get the audio, shown where it is missing."),
  Field(
    "root", .environmentText, default: .value(.string("")),
    doc: "The folder of the audio, in which ${env.NAME} reads the environment; --data wins over it."),
  Field(
    "pattern", .string,
    doc: "How file names without their ending are made up: {field} or {field:width} and the text between."),
  Field(
    "extensions", .list(.string, min: 1), default: .value(.list([FieldValue(standard: .string("wav"))])),
    doc: "Endings of audio files, without the dot."),
  Field("label", .string, doc: "The pattern's field that holds the class code."),
  Field(
    "speaker", .optional(.string), default: .value(.none),
    doc: "The pattern's field that names the speaker; ~ where names do not tell."),
  Field(
    "classes", .either([.list(.string, min: 2), .dictionary(.string), .integer(min: 2, max: 100_000)]),
    doc: "Class codes in the order of their indices, a mapping from codes to names, or the number of classes, "
      + "whose codes then are 0, 1, 2 and so on."),
  Field(
    "synthesize", .optional(.group(synthesizerTable)), default: .value(.none),
    doc: "Present where the audio is synthesized instead of read."),
])
