package fault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Calm is a whole service of our own in which nothing fails: server and
// databases, for measuring. Close ends it.
type Calm struct {
	*deployment

	URL     string
	Metrics string // address
}

// Serve starts one. Its people sign in where listen, which is told the address
// that sign-ins come back to, gives the issuer of a client with this secret.
func Serve(
	ctx context.Context, c Config, secret string, listen func(redirect string) (issuer string, err error),
) (*Calm, error) {
	t, err := build(ctx, c)
	if err != nil {
		return nil, err
	}
	s := &Calm{deployment: t}
	t.secret = secret
	if err := s.begin(ctx, listen); err != nil {
		return nil, errors.Join(err, t.close())
	}
	return s, nil
}

func (s *Calm) begin(ctx context.Context, listen func(redirect string) (issuer string, err error)) error {
	free, err := freePorts(2)
	if err != nil {
		return err
	}
	s.address, s.url, s.URL = free[0], "http://"+free[0], "http://"+free[0]
	s.Metrics = "http://" + free[1] + "/metrics"
	issuer, err := listen(s.url + "/api/v1/sign-in/callback")
	if err != nil {
		return err
	}
	if _, err := s.migrate(ctx, s.office.home(), s.box.home(), issuer); err != nil {
		return err
	}
	s.env = append(s.env, "OSBU_METRICS_ADDR="+free[1], "OSBU_LOG_LEVEL=warn",
		"OSBU_RELEASE_EVERY="+s.Release.String(),
		"OSBU_FILES_URL=file://"+filepath.Join(s.dir, "files")+"?metadata=skip&create_dir=true")
	s.server = &process{args: []string{s.Osbu, "serve"}, env: s.env, log: filepath.Join(s.dir, "osbu.log")}
	if err := s.server.start(); err != nil {
		return err
	}
	return s.ready(ctx)
}

// Roll imports a round's roll as a city does.
func (s *Calm) Roll(ctx context.Context, round string, text []byte) error {
	file := filepath.Join(s.dir, "roll.csv")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	imports := exec.CommandContext(ctx, s.Osbu, "roll", "import", "--round", round, file)
	imports.Env = append(os.Environ(), s.env...)
	return errors.Join(run(imports), os.Remove(file))
}

// CPU is what server and databases have used so far.
func (s *Calm) CPU() (server, database time.Duration) {
	for _, c := range []*cluster{s.office, s.box} {
		for _, pid := range c.processes() {
			database += used(pid)
		}
	}
	return used(s.server.cmd.Process.Pid), database
}

// tick is the unit of /proc's times, USER_HZ: 100 a second on every Linux that
// Go runs on.
const tick = 10 * time.Millisecond

// used is a process's CPU time with that of its children that have ended; 0 if
// it is gone (proc_pid_stat(5): fields 14 to 17, the name in brackets being the
// second).
func used(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	var ticks time.Duration
	for i, field := range strings.Fields(rest) {
		if i >= 11 && i <= 14 {
			n, _ := strconv.ParseInt(field, 10, 64)
			ticks += time.Duration(n)
		}
	}
	return ticks * tick
}

// Close ends everything, and leaves nothing behind.
func (s *Calm) Close() error { return s.close() }
