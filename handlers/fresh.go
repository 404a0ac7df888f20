package handlers

import "github.com/gofiber/fiber/v2"

// answerFresh is the one reading of If-None-Match (RFC 9110 §13.1.2): weak
// tags, lists and * alike. A handler only sets its ETag; whoever has that
// already is told so, in place of the body, of a part of it (§13.2.2), or of a
// stream that nobody has begun to read. It compares weakly, for a proxy that
// compresses makes a tag weak.
func answerFresh(c *fiber.Ctx) error {
	if err := c.Next(); err != nil {
		return err
	}
	header := &c.Response().Header
	// Fiber calls everything fresh for which only If-Modified-Since asks.
	if !isRead(c) || len(header.Peek(fiber.HeaderETag)) == 0 || c.Get(fiber.HeaderIfNoneMatch) == "" || !c.Fresh() {
		return nil
	}
	c.Response().ResetBody()
	for _, name := range []string{
		fiber.HeaderContentDisposition, fiber.HeaderContentEncoding, fiber.HeaderContentRange, fiber.HeaderContentType,
	} {
		header.Del(name)
	}
	c.Status(fiber.StatusNotModified)
	return nil
}
