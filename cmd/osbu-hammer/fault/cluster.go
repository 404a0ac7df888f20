package fault

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// patience is how long anything may take that ends by itself on any machine,
// however busy.
const patience = 2 * time.Minute

// cluster is a PostgreSQL of our own, which scripts/postgres makes and starts
// in dir.
type cluster struct {
	name    string // office or box
	dir     string
	options []string // of the server
}

// start makes the cluster when there is none; after a crash it recovers.
func (c *cluster) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return run(
		exec.CommandContext(ctx, "scripts/postgres", append([]string{"start", c.dir}, c.options...)...),
	)
}

// forget stops it and removes its data, wherever scripts/postgres keeps them.
// It is for the end, so nobody's context ends it.
func (c *cluster) forget() error {
	c.signal(syscall.SIGCONT)
	return run(exec.Command("scripts/postgres", "reset", c.dir))
}

// home is where socket and data are.
func (c *cluster) home() string {
	home, err := filepath.EvalSymlinks(filepath.Join(c.dir, "postgres"))
	if err != nil {
		return filepath.Join(c.dir, "postgres")
	}
	return home
}

func (c *cluster) data() string { return filepath.Join(c.home(), "data") }

// socket is where it listens.
func (c *cluster) socket() string { return filepath.Join(c.home(), ".s.PGSQL.5432") }

// url is one of those that scripts/postgres url knows, with hosts (folders of
// sockets) in place of its own.
func (c *cluster) url(name string, hosts ...string) (string, error) {
	text, err := os.ReadFile(filepath.Join(c.dir, name+"-database-url"))
	if err != nil {
		return "", err
	}
	u, err := url.Parse(strings.TrimSpace(string(text)))
	if err != nil {
		return "", err
	}
	if len(hosts) > 0 {
		u.RawQuery = "host=" + strings.Join(hosts, ",")
	}
	return u.String(), nil
}

// admin connects as who may do anything, to the side's database.
func (c *cluster) admin(ctx context.Context) (*pgx.Conn, error) {
	address, err := c.url("test")
	if err != nil {
		return nil, err
	}
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.Database = c.name
	config.ConnectTimeout = 10 * time.Second
	return pgx.ConnectConfig(ctx, config)
}

// exec runs statements, each on its own, as the administrator.
func (c *cluster) exec(ctx context.Context, statements ...string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := c.admin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for _, s := range statements {
		if _, err := conn.Exec(ctx, s, pgx.QueryExecModeSimpleProtocol); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

// ask gives one number.
func (c *cluster) ask(ctx context.Context, query string) (n int, err error) {
	conn, err := c.admin(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	err = conn.QueryRow(ctx, query, pgx.QueryExecModeSimpleProtocol).Scan(&n)
	return n, err
}

// processes are those that work in the data folder, which is how PostgreSQL's
// know each other: no other's number is ever among them.
func (c *cluster) processes() (pids []int) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if at, err := os.Readlink(filepath.Join("/proc", e.Name(), "cwd")); err == nil && at == c.data() {
			pids = append(pids, pid)
		}
	}
	return pids
}

// postmaster is the first process; 0 if there is none.
func (c *cluster) postmaster() int {
	text, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, _ := strconv.Atoi(first)
	for _, p := range c.processes() {
		if p == pid {
			return pid
		}
	}
	return 0
}

// signal reaches all of its processes.
func (c *cluster) signal(s syscall.Signal) {
	for _, pid := range c.processes() {
		_ = syscall.Kill(pid, s)
	}
}

// killPostmaster ends the first process alone; the others notice and end
// themselves.
func (c *cluster) killPostmaster(ctx context.Context) error {
	if pid := c.postmaster(); pid != 0 {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	return c.gone(ctx)
}

// kill ends all processes, as a power cut does.
func (c *cluster) kill(ctx context.Context) error {
	c.signal(syscall.SIGKILL)
	return c.gone(ctx)
}

// gone waits until none is left.
func (c *cluster) gone(ctx context.Context) error {
	return await(ctx, "PostgreSQL's processes to end", func(context.Context) error {
		if n := len(c.processes()); n > 0 {
			return fmt.Errorf("%d are left", n)
		}
		return nil
	})
}

// killBackend ends one that serves osbu, at work if any is. The postmaster then
// restarts all of them.
func (c *cluster) killBackend(ctx context.Context) error {
	pid, err := c.ask(
		ctx,
		"SELECT pid FROM pg_stat_activity WHERE application_name = 'osbu' ORDER BY state = 'active' DESC, random() LIMIT 1",
	)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	for _, p := range c.processes() {
		if p == pid {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	return nil
}

// await asks until the answer is nil, and gives up with its reason.
func await(ctx context.Context, what string, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := ask(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited for %s: %w", what, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
