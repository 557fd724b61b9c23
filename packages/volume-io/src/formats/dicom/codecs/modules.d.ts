// The codecs of @cornerstonejs come without types.
declare module '#openjpeg' {
  import type { CodecDecoder, CodecFactory, CodecModule } from './emscripten.js';

  const factory: CodecFactory<CodecModule & { J2KDecoder: new () => CodecDecoder }>;
  export default factory;
}
declare module '#charls' {
  import type { CodecDecoder, CodecFactory, CodecModule } from './emscripten.js';

  const factory: CodecFactory<CodecModule & { JpegLSDecoder: new () => CodecDecoder }>;
  export default factory;
}
