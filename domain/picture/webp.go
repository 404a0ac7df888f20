package picture

import (
	"encoding/binary"
	"slices"
)

// still gives an animated WebP as its first picture (RFC 9649 §2.7.1.4), as the
// decoder knows no animations; anything else as it is. The picture may be
// smaller than the canvas on which it is moved.
func still(data []byte) []byte {
	if len(data) < 21 || string(data[12:16]) != "VP8X" || data[20]&animated == 0 {
		return data
	}
	frame := chunk(data[12:], "ANMF")
	if len(frame) < frameHeader {
		return data
	}
	// Its size stands in the frame's header as in that of a picture: 24 bits less
	// one.
	size, content := frame[6:12], frame[frameHeader:]
	alpha, lossy, lossless := chunk(content, "ALPH"), chunk(content, "VP8 "), chunk(content, "VP8L")
	var body []byte
	switch {
	case lossless != nil:
		body = put(nil, "VP8L", lossless)
	case lossy == nil:
		return data
	case alpha != nil:
		body = put(put(put(nil, "VP8X", slices.Concat([]byte{hasAlpha, 0, 0, 0}, size)), "ALPH", alpha), "VP8 ", lossy)
	default:
		body = put(nil, "VP8 ", lossy)
	}
	return put(nil, "RIFF", slices.Concat([]byte("WEBP"), body))
}

const (
	animated    = 0x02
	hasAlpha    = 0x10
	frameHeader = 16 // bytes of a frame before its own chunks
)

// chunk is the first one of a name, nil if there is none that is whole.
func chunk(data []byte, name string) []byte {
	for len(data) >= 8 {
		size := int64(binary.LittleEndian.Uint32(data[4:]))
		rest := data[8:]
		if size > int64(len(rest)) {
			return nil
		}
		if string(data[:4]) == name {
			return rest[:size]
		}
		data = rest[min(size+size%2, int64(len(rest))):]
	}
	return nil
}

// put adds a chunk.
func put(to []byte, name string, content []byte) []byte {
	to = binary.LittleEndian.AppendUint32(append(to, name...), uint32(len(content))) //nolint:gosec // below Largest
	to = append(to, content...)
	if len(content)%2 == 1 {
		to = append(to, 0)
	}
	return to
}
