import Audio
import Testing

@Suite struct ImageResizeTests {
  @Test(arguments: [(3, 4), (5, 20), (12, 3), (2, 1), (9, 7)])
  func pixelsAreThoseOfScikitImage(height: Int, width: Int) throws {
    let image = FeatureMatrix(rows: 5, frames: 7, values: try Fixture.floats("resize_input.f32"))
    let resized = ImageResize(height: height, width: width)(image)
    #expect(resized.rows == height && resized.frames == width)
    #expect(largestDifference(resized.values, try Fixture.floats("resize_\(height)_\(width).f32")) < 1e-6)
  }

  @Test func onePixelFillsTheImage() {
    let image = ImageResize(height: 3, width: 4)(FeatureMatrix(rows: 1, frames: 1, values: [0.25]))
    #expect(image.values == [Float](repeating: 0.25, count: 12))
  }
}
