import Reporting
import Testing

@Suite struct ColourScaleTests {
  @Test func endsAreTheStops() {
    #expect(ColourScale.colour(0) == "#f5f8fc")
    #expect(ColourScale.colour(0.5) == "#5a9bd1")
    #expect(ColourScale.colour(1) == "#0a2e63")
    #expect(ColourScale.colour(.nan) == ColourScale.colour(0))
    #expect(ColourScale.colour(7) == ColourScale.colour(1))
  }

  @Test func lettersChangeOnceFromDarkToLight() {
    let dark = (0...100).map { ColourScale.isDark(Double($0) / 100) }
    #expect(dark.first == false)
    #expect(dark.last == true)
    #expect(zip(dark, dark.dropFirst()).count { $0 != $1 } == 1)
  }
}
