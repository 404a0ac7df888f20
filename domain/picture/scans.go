package picture

// scans counts the scans of a JPEG (ITU-T T.81 §B.2.3) as a decoder meets them:
// each goes over the whole picture, whatever it holds, so a few bytes can cost
// as much as a photo. Of anything else there is one.
func scans(data []byte) (n int) {
	if len(data) < 2 || data[0] != 0xff || data[1] != 0xd8 {
		return 1
	}
	for rest := data[2:]; len(rest) >= 2; {
		marker := rest[1]
		switch {
		case rest[0] != 0xff: // what is coded, or stray
			rest = rest[1:]
			continue
		case marker == 0xff: // fill byte
			rest = rest[1:]
			continue
		case marker == 0 || marker == 0x01 || marker >= 0xd0 && marker <= 0xd8: // stuffed, or without a length
			rest = rest[2:]
			continue
		case marker == 0xd9: // the end: a decoder reads no further
			return n
		case marker == 0xda:
			n++
		}
		if len(rest) < 4 {
			return n
		}
		rest = rest[min(len(rest), 2+max(2, int(rest[2])<<8|int(rest[3]))):]
	}
	return n
}
