package handlers

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"osbu/domain/record"
)

// download sends a stored part as it is read from the store: a city's record
// does not fit in a server's memory several times.
type download struct{ record.Download }

// VisitGetRecordResponse implements api.GetRecordResponseObject.
func (d download) VisitGetRecordResponse(c *fiber.Ctx) error { return d.send(c) }

// VisitGetWithheldResponse implements api.GetWithheldResponseObject.
func (d download) VisitGetWithheldResponse(c *fiber.Ctx) error { return d.send(c) }

func (d download) send(c *fiber.Ctx) error {
	tag := `"` + d.Digest + `"`
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	from, to := int64(0), d.Size
	if asked := c.Get(fiber.HeaderRange); asked != "" &&
		(c.Get(fiber.HeaderIfRange) == "" || c.Get(fiber.HeaderIfRange) == tag) {
		var known, there bool
		if from, to, known, there = byteRange(asked, d.Size); known && !there {
			c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes */%d", d.Size))
			c.Status(fiber.StatusRequestedRangeNotSatisfiable)
			return nil
		} else if known {
			c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes %d-%d/%d", from, to-1, d.Size))
			c.Status(fiber.StatusPartialContent)
		}
	}
	c.Set(fiber.HeaderContentType, "application/zip")
	// It is sent after the handler has returned, and its deadline with it.
	body := d.Reader(context.WithoutCancel(c.UserContext()), from, to)
	c.Context().SetBodyStream(patient{body, c.Context().Conn()}, int(to-from))
	return nil
}

// byteRange reads a header like "bytes=100-199", "bytes=100-" or "bytes=-100".
// Of anything else, also of several ranges, the whole is sent: RFC 9110 §14.2
// allows that. There is one to send only if it begins within the size.
func byteRange(asked string, size int64) (from, to int64, known, there bool) {
	whole := func() (int64, int64, bool, bool) { return 0, size, false, true }
	first, last, ok := strings.Cut(strings.TrimPrefix(asked, "bytes="), "-")
	if !ok || !strings.HasPrefix(asked, "bytes=") {
		return whole()
	}
	if first == "" {
		n, err := strconv.ParseUint(last, 10, 62)
		if err != nil {
			return whole()
		}
		from = max(size-int64(n), 0)
		return from, size, true, n > 0
	}
	n, err := strconv.ParseUint(first, 10, 62)
	if err != nil {
		return whole()
	}
	from, to = int64(n), size
	if last != "" {
		n, err := strconv.ParseUint(last, 10, 62)
		if err != nil || int64(n) < from {
			return whole()
		}
		to = min(int64(n)+1, size)
	}
	return from, to, true, from < size
}

// patient gives a slow reader time for each piece instead of for the whole.
type patient struct {
	io.Reader
	conn net.Conn
}

const pieceTimeout = time.Minute

func (p patient) Read(b []byte) (int, error) {
	if err := p.conn.SetWriteDeadline(time.Now().Add(pieceTimeout)); err != nil {
		return 0, err
	}
	return p.Reader.Read(b)
}

// Close closes what is read from, if it can be.
func (p patient) Close() error {
	if c, ok := p.Reader.(io.Closer); ok {
		return c.Close()
	}
	return nil
}
