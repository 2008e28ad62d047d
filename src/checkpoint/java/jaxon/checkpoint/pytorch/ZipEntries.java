package jaxon.checkpoint.pytorch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.safetensors.BoundedJson;

/// Finds the entries of a zip file whose content lies in it as it is, neither compressed nor
/// encrypted, so that it can be used where it lies.
///
/// After PKWARE's APPNOTE.TXT 6.3 (sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16, 4.5.3). Sizes are
/// those of the central directory: writers that stream leave them out of an entry's own header.
final class ZipEntries {
  private static final int END_BYTES = 22;
  private static final int MOST_COMMENT = 0xFFFF;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_BYTES = 30;
  private static final int LOCATOR_BYTES = 20;
  private static final int LARGE_END_BYTES = 56;
  private static final int MOST_ENTRIES = 1 << 17;
  private static final long SEE_EXTRA = 0xFFFF_FFFFL;

  private static final int END_MARK = 0x06054B50;
  private static final int LOCATOR_MARK = 0x07064B50;
  private static final int LARGE_END_MARK = 0x06064B50;
  private static final int ENTRY_MARK = 0x02014B50;
  private static final int LOCAL_MARK = 0x04034B50;

  private static final ValueLayout.OfShort U2 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U4 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong U8 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Where an entry's content lies.
  ///
  /// @param crc the CRC-32 that it should have
  record Entry(long offset, long size, int crc) {}

  /// Where the central directory lies.
  private record Directory(long offset, long size, long entries) {}

  private final String file;
  private final MemorySegment bytes;
  private final SequencedMap<String, Entry> found = new LinkedHashMap<>();

  private ZipEntries(String file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /// The entries of a file by name.
  ///
  /// @param file how messages call it
  /// @throws CheckpointException if it is no such file
  static SequencedMap<String, Entry> read(String file, MemorySegment bytes) {
    ZipEntries entries = new ZipEntries(file, bytes);
    try {
      entries.readAll();
    } catch (IndexOutOfBoundsException e) { // A place that the file only claims to have.
      throw CheckpointException.usage(
          file + " is a damaged zip file: its directory leads out of it", e);
    }
    return entries.found;
  }

  private void readAll() {
    Directory directory = directory(end());
    if (directory.entries() < 0 || directory.entries() > MOST_ENTRIES) {
      throw damaged("it should have at most %,d entries".formatted(MOST_ENTRIES));
    }
    MemorySegment central = bytes.asSlice(directory.offset(), directory.size());
    long at = 0;
    for (long i = 0; i < directory.entries(); i++) {
      at = readEntry(central, at);
    }
    if (at != directory.size()) {
      throw damaged("its directory has another size than it says");
    }
  }

  /// The place of the record at the end, after which comes a comment only.
  private long end() {
    long last = bytes.byteSize() - END_BYTES;
    for (long at = last; at >= Math.max(0, last - MOST_COMMENT); at--) {
      if (bytes.get(U4, at) == END_MARK && u2(bytes, at + 20) == last - at) {
        return at;
      }
    }
    throw CheckpointException.usage(
        file
            + " is no zip file, or cut off; PyTorch has written zip files since version 1.6: load"
            + " an older file there and save it again");
  }

  private Directory directory(long end) {
    long locator = end - LOCATOR_BYTES;
    if (locator >= 0 && bytes.get(U4, locator) == LOCATOR_MARK) {
      MemorySegment large = bytes.asSlice(bytes.get(U8, locator + 8), LARGE_END_BYTES);
      if (large.get(U4, 0) != LARGE_END_MARK) {
        throw damaged("its zip64 record is not where it should be");
      }
      return new Directory(large.get(U8, 48), large.get(U8, 40), large.get(U8, 32));
    }
    return new Directory(u4(bytes, end + 16), u4(bytes, end + 12), u2(bytes, end + 10));
  }

  /// Reads an entry of the directory and says where the next one begins.
  private long readEntry(MemorySegment central, long at) {
    MemorySegment head = central.asSlice(at, ENTRY_BYTES);
    if (head.get(U4, 0) != ENTRY_MARK) {
      throw damaged("its directory has something else for an entry");
    }
    int nameBytes = u2(head, 28);
    int extraBytes = u2(head, 30);
    byte[] utf8 = central.asSlice(at + ENTRY_BYTES, nameBytes).toArray(ValueLayout.JAVA_BYTE);
    String name = BoundedJson.utf8(file + ": a name", utf8);
    MemorySegment extra = central.asSlice(at + ENTRY_BYTES + nameBytes, extraBytes);
    long[] places = {u4(head, 24), u4(head, 20), u4(head, 42)};
    replaceLarge(extra, places);
    if ((u2(head, 8) & 1) != 0 || u2(head, 10) != 0 || places[0] != places[1]) {
      throw damaged(
          "entry '%s' is compressed or encrypted, which torch.save never does"
              .formatted(BoundedJson.shown(name)));
    }
    Entry entry = new Entry(content(name, places[2]), places[0], head.get(U4, 16));
    bytes.asSlice(entry.offset(), entry.size()); // Throws where it is not within the file.
    if (found.put(name, entry) != null) {
      throw damaged("it has entry '%s' twice".formatted(BoundedJson.shown(name)));
    }
    return at + ENTRY_BYTES + nameBytes + extraBytes + u2(head, 32);
  }

  /// Replaces those of size, compressed size and place that are in the extra field of zip64.
  private static void replaceLarge(MemorySegment extra, long[] places) {
    for (long at = 0; at + 4 <= extra.byteSize(); at += 4L + u2(extra, at + 2)) {
      if (u2(extra, at) == 1) {
        MemorySegment values = extra.asSlice(at + 4, u2(extra, at + 2));
        long next = 0;
        for (int i = 0; i < places.length; i++) {
          if (places[i] == SEE_EXTRA) {
            places[i] = values.get(U8, next);
            next += Long.BYTES;
          }
        }
        return;
      }
    }
  }

  /// Where the content begins of the entry whose own header is at a place.
  private long content(String name, long place) {
    MemorySegment local = bytes.asSlice(place, LOCAL_BYTES);
    if (local.get(U4, 0) != LOCAL_MARK) {
      throw damaged("entry '%s' is not where it should be".formatted(BoundedJson.shown(name)));
    }
    return place + LOCAL_BYTES + u2(local, 26) + u2(local, 28);
  }

  private static int u2(MemorySegment bytes, long at) {
    return Short.toUnsignedInt(bytes.get(U2, at));
  }

  private static long u4(MemorySegment bytes, long at) {
    return Integer.toUnsignedLong(bytes.get(U4, at));
  }

  private CheckpointException damaged(String problem) {
    return CheckpointException.usage("%s is a damaged zip file: %s".formatted(file, problem));
  }
}
