package handlers

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// listening is a server on a real connection.
func listening(t *testing.T, readTimeout time.Duration) (address string) {
	t.Helper()
	s := pagesServer(t, "http://localhost:8080", built())
	s.app.Server().ReadTimeout = readTimeout
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.App().Listener(listener) }()
	t.Cleanup(func() {
		if err := errors.Join(s.App().Shutdown(), <-served); err != nil {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}

// answersTo sends the text and a last request at once, and gives the statuses
// of all answers to the text, with the codes of refusals. The server has closed
// the connection if the last request got no answer.
func answersTo(t *testing.T, address, text string) (answers []string, closed bool) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	go func() { _, _ = io.WriteString(conn, text+last) }() // the server may not read all of it
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))  // or it would wait for ever
	reader := bufio.NewReader(conn)
	for {
		if _, err := reader.Peek(1); err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("after %q: the server neither answers nor closes", answers)
			}
			return answers, true
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatalf("after %q: %v", answers, err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatalf("after %q: %v", answers, err)
		}
		if response.StatusCode == http.StatusNotFound {
			return answers, false
		}
		answer := fmt.Sprint(response.StatusCode)
		if _, code, ok := strings.Cut(string(body), `"code":"`); ok {
			code, _, _ = strings.Cut(code, `"`)
			answer += " " + code
		}
		answers = append(answers, answer)
	}
}

const (
	hidden = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
	last   = "GET /assets/none HTTP/1.1\r\nHost: x\r\n\r\n" // nothing else is answered with 404
	posted = "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%s\r\n\r\n%s"
)

// What belongs to a refused body is never taken for a request, and what follows
// a body that was read is.
func TestNothingOfABodyIsARequest(t *testing.T) {
	chunk := func(text string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(text), text) }
	long := strings.Repeat(" ", 2<<20)
	for name, one := range map[string]struct {
		send   string
		want   string
		closed bool
	}{
		"two requests": {"GET /api/v1/presets HTTP/1.1\r\nHost: x\r\n\r\n" + hidden, "200, 200", false},
		"a good body, then a request": {
			fmt.Sprintf(posted, "/api/v1/mailbox/confirmation", "Content-Length: 2", "{}"+hidden), "400 invalid_request, 200",
			false,
		},
		"a chunked body, then a request": {
			fmt.Sprintf(posted, "/api/v1/mailbox/confirmation", "Transfer-Encoding: chunked", chunk("{}")+"0\r\n\r\n"+hidden),
			"400 invalid_request, 200", false,
		},
		"a body for a visitor who may not": {
			fmt.Sprintf(posted, "/api/v1/rounds", fmt.Sprint("Content-Length: ", len(hidden)), hidden+hidden),
			"401 sign_in_required, 200", false,
		},
		"a body that is a little too long": {
			fmt.Sprintf(posted, "/box/v1/rounds/r/cosignatures", fmt.Sprint("Content-Length: ", ballotBody+1),
				strings.Repeat(" ", ballotBody+1)+hidden), "413 body_too_large, 200", false,
		},
		"a body that is much too long": {
			fmt.Sprintf(posted, "/box/v1/rounds/r/cosignatures", "Content-Length: 2097152", hidden+long), "413 body_too_large",
			true,
		},
		"a body that is much too long, unfinished": {
			fmt.Sprintf(posted, "/box/v1/rounds/r/cosignatures", "Content-Length: 2097152", hidden), "413 body_too_large", true,
		},
		"a chunked body that becomes too long": {
			fmt.Sprintf(posted, "/box/v1/rounds/r/cosignatures", "Transfer-Encoding: chunked",
				chunk(strings.Repeat("x", 1<<20))+hidden), "413 body_too_large", true,
		},
		"a large body from nobody": {
			fmt.Sprintf(posted, "/api/v1/rounds/r/projects/import", "Content-Length: 9000000", hidden), "401 sign_in_required",
			true,
		},
		"a large body to nowhere": {
			fmt.Sprintf(posted, "/api/v1/nothing/import", "Content-Length: 9000000", hidden), "413 body_too_large", true,
		},
		"two lengths": {
			fmt.Sprintf(posted, "/api/v1/mailbox/confirmation", "Content-Length: 2\r\nContent-Length: 0", "{}"+hidden),
			"400 malformed_request", true,
		},
		"a length and chunks": {
			fmt.Sprintf(posted, "/api/v1/mailbox/confirmation", "Content-Length: 2\r\nTransfer-Encoding: chunked",
				"0\r\n\r\n"+hidden), "400 malformed_request", true,
		},
		"two hosts": {
			fmt.Sprintf(posted, "/api/v1/mailbox/confirmation", "Host: y\r\nContent-Length: 2", "{}"+hidden),
			"400 malformed_request", true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, closed := answersTo(t, listening(t, readTimeout), one.send)
			if strings.Join(got, ", ") != one.want || closed != one.closed {
				t.Errorf("got %q and closed %v, want %q and %v", got, closed, one.want, one.closed)
			}
		})
	}
}

// A body that does not come in time ends its connection: what comes late is no
// request.
func TestLateBodyIsNoRequest(t *testing.T) {
	conn, err := net.Dial("tcp", listening(t, 100*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := fmt.Fprintf(conn, posted, "/api/v1/mailbox/confirmation", "Content-Length: 100", "{"); err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(conn)
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusRequestTimeout || !strings.Contains(string(text), "body_too_slow") {
		t.Errorf("got %d %s %v, want 408 body_too_slow", response.StatusCode, text, err)
	}
	_, _ = io.WriteString(conn, hidden) // it may be closed already
	if rest, _ := io.ReadAll(reader); len(rest) > 0 {
		t.Errorf("got %q after the refusal, want nothing", rest)
	}
}
