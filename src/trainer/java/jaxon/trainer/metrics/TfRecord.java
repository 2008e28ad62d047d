package jaxon.trainer.metrics;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// Frames byte strings as TFRecords.
///
/// A record is, all little-endian: the length as u64, the masked CRC-32C of these eight bytes as
/// u32, the payload, the masked CRC-32C of the payload as u32. The mask rotates the checksum right
/// by 15 bits and adds a constant, so that the checksum of data that holds checksums stays a good
/// one. Source: the TFRecord format of TensorFlow,
/// <https://www.tensorflow.org/tutorials/load_data/tfrecord>.
final class TfRecord {
  private static final int MASK_DELTA = 0xa282ead8;

  private TfRecord() {}

  /// Returns the record that holds `payload`.
  static byte[] frame(byte[] payload) {
    ByteBuffer frame =
        ByteBuffer.allocate(Math.addExact(payload.length, 16)).order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(payload.length);
    frame.putInt(maskedCrc(frame.array(), 8));
    frame.put(payload);
    frame.putInt(maskedCrc(payload, payload.length));
    return frame.array();
  }

  private static int maskedCrc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }
}
