import Foundation

/// Colours from nearly white to deep blue for 0 to 1, even steps of which look even: straight lines in OKLab
/// (Ottosson 2020, "A perceptual color space for image processing") between three colours of falling lightness.
package enum ColourScale {
  private typealias Triple = (Double, Double, Double)

  private static let stops: [Triple] = [(0xF5, 0xF8, 0xFC), (0x5A, 0x9B, 0xD1), (0x0A, 0x2E, 0x63)].map { stop in
    laboratory((Double(stop.0) / 255, Double(stop.1) / 255, Double(stop.2) / 255))
  }

  /// The colour of `value` as `#rrggbb`; values outside 0...1 and NaN are taken as the nearest end and as 0.
  package static func colour(_ value: Double) -> String {
    let (red, green, blue) = encoded(value)
    return "#" + [red, green, blue].map { hex(Int(($0 * 255).rounded())) }.joined()
  }

  /// Whether white letters read better on the colour of `value` than dark ones, by contrast as WCAG 2 defines it.
  package static func isDark(_ value: Double) -> Bool {
    let (red, green, blue) = encoded(value)
    let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    // (1 + 0.05) / (luminance + 0.05) against (luminance + 0.05) / (ink + 0.05), with 0.02 for the ink.
    return 1.05 * 0.07 > (luminance + 0.05) * (luminance + 0.05)
  }

  private static func encoded(_ value: Double) -> Triple {
    let bounded = value.isNaN ? 0 : min(1, max(0, value))
    let position = bounded * Double(stops.count - 1)
    let index = min(stops.count - 2, Int(position))
    let part = position - Double(index)
    let (a, b) = (stops[index], stops[index + 1])
    return screen((a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part, a.2 + (b.2 - a.2) * part))
  }

  private static func hex(_ value: Int) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }

  /// sRGB's transfer function and its inverse.
  private static func linear(_ value: Double) -> Double {
    value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }

  private static func transfer(_ value: Double) -> Double {
    let bounded = min(1, max(0, value))
    return bounded <= 0.0031308 ? bounded * 12.92 : 1.055 * pow(bounded, 1 / 2.4) - 0.055
  }

  private static func laboratory(_ colour: Triple) -> Triple {
    let (r, g, b) = (linear(colour.0), linear(colour.1), linear(colour.2))
    let l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    let m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    let s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
      0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    )
  }

  private static func screen(_ colour: Triple) -> Triple {
    let l = pow(colour.0 + 0.3963377774 * colour.1 + 0.2158037573 * colour.2, 3)
    let m = pow(colour.0 - 0.1055613458 * colour.1 - 0.0638541728 * colour.2, 3)
    let s = pow(colour.0 - 0.0894841775 * colour.1 - 1.2914855480 * colour.2, 3)
    return (
      transfer(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
      transfer(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
      transfer(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)
    )
  }
}
