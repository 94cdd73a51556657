import click


@click.command()
def sheet() -> None:
    """later"""
