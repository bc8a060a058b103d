import ArgumentParser
import Corpus

/// Whether a command that computes features uses the cache.
struct CacheOptions: ParsableArguments {
  @Flag(help: "Neither take features from the cache nor keep them there; SERSPEC_CACHE=off does the same.")
  var noCache = false

  /// The cache to use; nil for none.
  var cache: FeatureCache? { noCache ? nil : FeatureCache.standard() }
}
