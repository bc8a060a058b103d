import Syntax
import Testing

@Suite struct ScalarReadingTests {
  @Test(
    arguments: [
      ("64", 64), ("-3", -3), ("+7", 7), ("007", 7), ("9223372036854775807", .max), ("9223372036854775808", nil),
      ("3.0", nil), ("1e3", nil), ("0x10", nil), ("1_000", nil), ("", nil), ("-", nil), ("٣", nil), (" 1", nil),
    ] as [(String, Int?)])
  func integers(_ text: String, _ value: Int?) {
    #expect(Scalar(text).asInteger == value)
    #expect(Scalar(text, style: .quoted).asInteger == nil)
  }

  @Test(
    arguments: [
      ("64", 64), ("1e-4", 1e-4), ("1E3", 1000), (".5", 0.5), ("2.", 2), ("-.5e+1", -5), ("+1.25", 1.25),
      ("1e999", nil),
      (".", nil), ("e3", nil), ("1e", nil), ("1e+", nil), (".inf", nil), ("nan", nil), ("inf", nil), ("0x1p3", nil),
      ("1.2.3", nil), ("1 ", nil),
    ] as [(String, Double?)])
  func numbers(_ text: String, _ value: Double?) {
    #expect(Scalar(text).asNumber == value)
    #expect(Scalar(text, style: .quoted).asNumber == nil)
  }

  @Test(
    arguments: [
      ("true", true), ("false", false), ("True", nil), ("yes", nil), ("on", nil), ("1", nil),
    ] as [(String, Bool?)])
  func booleans(_ text: String, _ value: Bool?) {
    #expect(Scalar(text).asBoolean == value)
    #expect(Scalar(text, style: .quoted).asBoolean == nil)
  }

  @Test func nulls() {
    #expect(["", "~", "null"].allSatisfy { Scalar($0).isNull && !Scalar($0, style: .quoted).isNull })
    #expect(["Null", "NULL", "none", "nil", " "].allSatisfy { !Scalar($0).isNull })
  }

  @Test(arguments: [
    ("[]", "an empty list"), ("[1]", "a list"), ("{a: 1}", "a mapping"), ("{}", "an empty mapping"),
    ("3", "the number 3"),
    ("1e-4", "the number 1e-4"), ("relu", "the text 'relu'"), ("'3'", "the text '3'"), ("true", "true"), ("~", "null"),
    ("''", "an empty text"), ("no", "the text 'no'"),
  ])
  func descriptions(_ text: String, _ described: String) throws {
    #expect(try parse(text).described == described)
  }
}
