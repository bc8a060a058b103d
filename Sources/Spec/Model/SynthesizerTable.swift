/// The fields of a corpus file's `synthesize`: the audio of such a corpus is made, not recorded. The module Corpus makes it.
public let synthesizerTable = FieldTable([
  Field(
    "speakers", .integer(min: 1, max: 1000), default: .value(.integer(24)),
    doc: "Number of speakers; they are named 1001, 1002, ... and are men and women in turn."),
  Field(
    "sentences", .integer(min: 1, max: 12), default: .value(.integer(12)),
    doc: "Number of sentences that every speaker says in every class."),
  Field(
    "seed", .integer(min: 0), default: .value(.integer(1)),
    doc: "What voices and takes are drawn from: the same seed gives the same audio."),
  Field(
    "sentence_field", .string, default: .value(.string("sentence")),
    doc: "The field of the name pattern that says which sentence is spoken."),
  Field(
    "strength", .number(min: 0, max: 3), default: .value(.number(1)),
    doc: "Factor on every style's distance from neutral: 0 makes all classes sound alike, more makes them easier."),
  Field(
    "variation", .number(min: 0, max: 3), default: .value(.number(1)),
    doc: "Factor on how far speakers and takes stray from a class's style: more makes the classes harder to tell."),
  Field(
    "styles", .dictionary(.group(speakingStyleTable)),
    doc: "How each class speaks, by class code, relative to the speaker's neutral voice."),
])

/// The fields of one entry of `styles`. The defaults are the speaker's neutral voice.
public let speakingStyleTable = FieldTable([
  Field(
    "pitch", .number(min: -12, max: 12), default: .value(.number(0)),
    doc: "Mean pitch, in semitones above the speaker's own."),
  Field(
    "range", .number(min: 0, max: 4), default: .value(.number(1)),
    doc: "Factor on how far pitch moves about its mean."),
  Field(
    "contour", .number(min: -12, max: 12), default: .value(.number(0)),
    doc: "Change of pitch from the first to the last syllable, in semitones beside the usual fall; negative falls more."
  ),
  Field(
    "tempo", .number(min: 0.25, max: 4), default: .value(.number(1)),
    doc: "Factor on the rate of speech; above 1 is faster."),
  Field(
    "loudness", .number(min: -30, max: 30), default: .value(.number(0)),
    doc: "Level, in decibels above the speaker's own."),
  Field(
    "tilt", .number(min: -24, max: 24), default: .value(.number(0)),
    doc:
      "Loss of the voice source at 3 kHz, in decibels beside the speaker's own; negative is a brighter, tenser voice."),
  Field(
    "jitter", .number(min: 0, max: 10), default: .value(.number(0)),
    doc: "Irregularity of the glottal periods, in percent beside the speaker's own."),
  Field(
    "breathiness", .number(min: -24, max: 24), default: .value(.number(0)),
    doc: "Level of aspiration noise, in decibels above the speaker's own."),
  Field(
    "articulation", .number(min: 0.25, max: 2), default: .value(.number(1)),
    doc: "Factor on how far formants move from a neutral vowel's; below 1 slurs, above 1 is precise."),
])
