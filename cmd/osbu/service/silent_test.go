package service

import (
	"net"
	"net/http"
	"strings"
	"testing"
)

// A browser opens connections ahead of need. One that never says a word does
// not hold up the stop, which the end of the world demands within ten seconds
// (its cleanup runs before the connection's own end).
func TestStopWithSilentConnection(t *testing.T) {
	t.Parallel()
	var silent net.Conn
	t.Cleanup(func() { _ = silent.Close() })
	w := newWorld(t)
	var err error
	if silent, err = net.Dial("tcp", strings.TrimPrefix(w.url, "http://")); err != nil {
		t.Fatal(err)
	}
	// later, so the silent one is accepted, too
	if status, code := w.anonymous(t).get("/healthz", nil); status != http.StatusOK {
		t.Fatal(status, code)
	}
}
