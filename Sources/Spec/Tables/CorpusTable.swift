/// The keys of a corpus file, and of `corpus` where it is a mapping. Which of them are needed depends on where the clips'
/// labels come from, so that `CorpusChecks` asks for them.
public let corpusTable = FieldTable(
  partFields + [
    Field(
      "join", .list(.either([.string, .group(FieldTable(partFields))])), default: .value(.list([])),
      doc:
        "Corpora that make up this one, by name, path or keys; `classes` then are names of classes that they share, and "
        + "`labels` maps their classes' names to those.")
  ])

/// What `corpus` of a spec can be.
let corpusType = FieldType.either([.string, .list(.string, min: 1), .group(corpusTable)])

/// The keys of one corpus.
private let partFields = [
  Field("name", .optional(.string), default: .value(.none), doc: "What the corpus is called in commands and records."),
  Field("title", .string, default: .value(.string("")), doc: "The corpus's full name."),
  Field("licence", .string, default: .value(.string("")), doc: "The terms that the audio comes under."),
  Field(
    "obtain", .string, default: .value(.string("")), doc: "How to get the audio, shown where it is missing."),
  Field(
    "root", .environmentText, default: .value(.string("")),
    doc: "The folder of the audio, in which ${env.NAME} reads the environment; --data wins over it."),
  Field(
    "pattern", .optional(.string), default: .value(.none),
    doc:
      "How file names without their ending are made up: {field} or {field:width} and the text between. With / it tells the "
      + "last folders, too, and ** between slashes stands for any folders."),
  Field(
    "table", .optional(.group(corpusTableTable)), default: .value(.none),
    doc: "A CSV or TSV with a row for each clip; its columns are fields beside those of the pattern."),
  Field(
    "extensions", .list(.string, min: 1), default: .value(.list([FieldValue(standard: .string("wav"))])),
    doc: "Endings of audio files, without the dot."),
  Field("label", .optional(.string), default: .value(.none), doc: "The field that holds the class code."),
  Field(
    "labels", .dictionary(.optional(.string)), default: .value(.dictionary([])),
    doc: "Other codes that mean a class, each with the class's code or name; ~ leaves the clips of a code out."),
  Field(
    "speaker", attributeType, default: .value(.none),
    doc: "The field that names the speaker; ~ where nothing tells."),
  Field(
    "sentence", attributeType, default: .value(.none),
    doc: "The field that tells which text is spoken; ~ where nothing tells."),
  Field(
    "gender", attributeType, default: .value(.none),
    doc: "The field that tells the speaker's gender, or how it follows from another field."),
  Field(
    "intensity", attributeType, default: .value(.none),
    doc: "The field that tells how strong the emotion is, or how that follows from another field."),
  Field(
    "classes",
    .optional(.either([.list(.string, min: 2), .dictionary(.string), .integer(min: 2, max: 100_000)])),
    default: .value(.none),
    doc: "Class codes in the order of their indices, a mapping from codes to names, or the number of classes, "
      + "whose codes then are 0, 1, 2 and so on."),
  Field(
    "synthesize", .optional(.group(synthesizerTable)), default: .value(.none),
    doc: "Present where the audio is synthesized instead of read."),
]

/// The keys of `table` in a corpus file; a bare value is the file.
public let corpusTableTable = FieldTable(
  [
    Field(
      "file", .string,
      doc:
        "The table: a CSV, or a TSV if its name ends in .tsv; beside the corpus file, else in the folder of the audio."),
    Field(
      "path", .string, default: .value(.string("file")),
      doc: "The column with the clip's path below the corpus's folder, or its file name; the ending may be left out."),
    Field(
      "separator", .optional(.choice(["comma", "semicolon", "tab"])), default: .value(.none),
      doc: "What stands between columns; ~ for a tab in .tsv files and a comma in others."),
  ], primary: "file")

/// The keys of `speaker`, `sentence`, `gender` and `intensity` in long form.
public let attributeTable = FieldTable(
  [
    Field("field", .optional(.string), default: .value(.none), doc: "The field that it is taken from."),
    Field(
      "map", .dictionary(.string), default: .value(.dictionary([])),
      doc: "What values of the field mean; one that is not listed stands for itself, or for `other`."),
    Field("odd", .optional(.string), default: .value(.none), doc: "What odd numbers in the field mean."),
    Field("even", .optional(.string), default: .value(.none), doc: "What even numbers in the field mean."),
    Field("other", .optional(.string), default: .value(.none), doc: "What all other values mean."),
    Field("value", .optional(.string), default: .value(.none), doc: "The same for all clips, in place of `field`."),
  ], primary: "field")

private let attributeType = FieldType.optional(.either([.string, .group(attributeTable)]))
