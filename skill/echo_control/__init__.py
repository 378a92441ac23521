"""Echo control: takes the coach's own voice off the microphone, and tells when somebody else speaks."""
