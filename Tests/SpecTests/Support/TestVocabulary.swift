import Spec

/// A vocabulary like the program's own, for tests of the language that need no layer to do anything.
let testVocabulary = Vocabulary([
  .layer: layerKinds,
  .combinator: [
    kind("concat", [Field("inputs", .list(.string, min: 2), doc: "The names.")], primary: "inputs"),
    kind("add", [Field("inputs", .list(.string, min: 2), doc: "The names.")], primary: "inputs"),
  ],
  .audioStep: [
    kind("resample", [Field("rate", .integer(min: 1), doc: "Samples a second.")], primary: "rate"),
    kind("mono", [Field("mix", .choice(["mean", "left", "right"]), default: .value(.string("mean")), doc: "How.")]),
    kind("z_score", []),
  ],
  .featureStep: featureKinds,
  .augmentation: [kind("noise", [Field("snr", .number(), doc: "Level above the noise in dB.")], primary: "snr")],
  .lengthPolicy: [
    kind("fixed", [Field("seconds", .number(min: 0, exclusiveMin: true), doc: "Length of every clip.")]),
    kind("batch_longest", []),
  ],
  .splitPolicy: [
    kind("stratified", splitFields),
    kind(
      "group", splitFields + [Field("by", .string, default: .value(.string("speaker")), doc: "What stays together.")]),
  ],
  .optimizer: [
    kind(
      "adam",
      [
        Field("lr", .number(min: 0), default: .value(.number(0.001)), doc: "Learning rate."),
        Field(
          "betas", .list(.number(min: 0, max: 1), min: 2, max: 2),
          default: .value(.list([0.9, 0.999].map { FieldValue(standard: .number($0)) })), doc: "Decay of the means."),
        Field("eps", .number(min: 0, exclusiveMin: true), default: .value(.number(1e-8)), doc: "Added to the root."),
        Field("weight_decay", .number(min: 0), default: .value(.number(0)), doc: "L2."),
      ], primary: "lr"),
    kind("sgd", [Field("lr", .number(min: 0), doc: "Learning rate.")], primary: "lr"),
  ],
  .schedule: [
    kind(
      "linear_warmup",
      [
        Field("epochs", .number(min: 0, exclusiveMin: true), doc: "How long."),
        Field("from", .number(min: 0), default: .value(.number(0)), doc: "The first rate."),
      ]),
    kind("cosine", [Field("to", .number(min: 0), default: .value(.number(0)), doc: "The last rate.")]),
  ],
  .loss: [kind("cross_entropy", [])],
  .weightAverage: [kind("ema", [Field("decay", .number(min: 0), default: .value(.number(0.9)), doc: "What stays.")])],
  .tracker: [kind("tensorboard", [Field("every", .integer(min: 1), default: .value(.integer(1)), doc: "How often.")])],
])

func kind(_ name: String, _ fields: [Field], primary: String? = nil) -> Kind {
  Kind(name, summary: "A \(name).", table: FieldTable(fields, primary: primary))
}

private let splitFields = [
  Field("test", .number(min: 0, max: 1, exclusiveMin: true), doc: "Share of the test set."),
  Field("val", .number(min: 0, max: 1), default: .value(.number(0)), doc: "Share of the rest."),
  Field("seed", .integer(min: 0), default: .value(.integer(42)), doc: "What the sets are drawn from."),
  Field("speakers_shared", .boolean, default: .value(.boolean(false)), doc: "Whether speakers may be in both sets."),
]

private let convolution = [
  Field("out_channels", .integer(min: 1), doc: "Channels of the output."),
  Field("kernel_size", .sizes(min: 1), doc: "Extent of the kernel."),
  Field("stride", .sizes(min: 1), default: .value(.list([FieldValue(standard: .integer(1))])), doc: "Step."),
  Field(
    "padding", .either([.choice(["same"]), .sizes(min: 0)]),
    default: .value(.list([FieldValue(standard: .integer(0))])), doc: "Zeros at the edges."),
  Field("bias", .boolean, default: .value(.boolean(true)), doc: "Whether a constant is added."),
]

private let pool = [
  Field("kernel_size", .sizes(min: 1), doc: "Extent of the window."),
  Field("stride", .optional(.sizes(min: 1)), default: .value(.none), doc: "Step; the window's extent where it is ~."),
  Field("ceil_mode", .boolean, default: .value(.boolean(false)), doc: "Whether a last, cut window counts."),
]

private let layerKinds = [
  kind("conv1d", convolution), kind("conv2d", convolution),
  kind("group_norm", [Field("num_groups", .integer(min: 1), doc: "Groups."), epsilon], primary: "num_groups"),
  kind("layer_norm", [epsilon]),
  kind(
    "linear",
    [
      Field("out_features", .integer(min: 1), doc: "Extent of the output."),
      Field("bias", .boolean, default: .value(.boolean(true)), doc: "Whether a constant is added."),
    ], primary: "out_features"),
  kind("relu", []), kind("silu", []),
  kind("elu", [Field("alpha", .number(), default: .value(.number(1)), doc: "Scale below 0.")]),
  kind("max_pool1d", pool), kind("max_pool2d", pool), kind("global_avg_pool", []), kind("flatten", []),
  kind("dropout", [Field("p", .number(min: 0, max: 1), default: .value(.number(0.5)), doc: "Share.")], primary: "p"),
  Kind(
    "formula", summary: "A formula.",
    table: FieldTable(
      [
        Field("y", .formula, doc: "The function."),
        Field("initial", .dictionary(.number()), default: .value(.dictionary([])), doc: "First values."),
      ], primary: "y", learnable: ["initial": "y"])),
  kind("residual", [Field("layers", .steps(.layer), doc: "The branch.")], primary: "layers"),
]

private let epsilon = Field("eps", .number(min: 0, exclusiveMin: true), default: .value(.number(1e-5)), doc: "Floor.")

private let frames = [
  Field("frame_length", .integer(min: 1), default: .value(.integer(2048)), doc: "Window."),
  Field("hop_length", .integer(min: 1), default: .value(.integer(512)), doc: "Step."),
]

private let featureKinds = [
  kind("zero_crossing_rate", frames), kind("rms", frames),
  kind("chroma_stft", [Field("n_fft", .integer(min: 1), default: .value(.integer(2048)), doc: "Window.")] + frames),
  kind("mfcc", [Field("n_mfcc", .integer(min: 1), default: .value(.integer(20)), doc: "Rows.")] + frames),
  kind("stack", [Field("features", .steps(.featureStep), doc: "What stands below each other.")], primary: "features"),
  kind(
    "mel_spectrogram",
    [
      Field("n_fft", .integer(min: 1), default: .value(.integer(2048)), doc: "Window."),
      Field("hop_length", .integer(min: 1), default: .value(.integer(512)), doc: "Step."),
      Field("n_mels", .integer(min: 1), default: .value(.integer(128)), doc: "Bands."),
      Field("f_max", .optional(.number(min: 0, exclusiveMin: true)), default: .value(.none), doc: "Upper edge in Hz."),
    ]),
  kind("log", [Field("offset", .number(min: 0), default: .value(.number(0)), doc: "Added first.")]),
  kind("min_max", []),
  kind(
    "resize",
    [Field("height", .integer(min: 1), doc: "Rows."), Field("width", .integer(min: 1), doc: "Columns.")]),
]
