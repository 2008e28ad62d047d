package jaxon.reference;

/// Llama 3.1's stretch of rotary frequencies, by wavelength as Hugging Face has it: wavelengths
/// beyond `original / low` become longer by `factor`, those below `original / high` stay, and
/// between the two it is interpolated.
public record RopeStretch(double factor, double low, double high, int original) {
  double apply(double frequency) {
    double wavelength = 2 * Math.PI / frequency;
    if (wavelength > original / low) {
      return frequency / factor;
    }
    if (wavelength < original / high) {
      return frequency;
    }
    double smooth = (original / wavelength - low) / (high - low);
    return (1 - smooth) * frequency / factor + smooth * frequency;
  }
}
