from builder.chapters.notebook import read_notebook, write_notebook
from pathlib import Path
def edit(ch, id, old, new):
    p=Path(f'book/{ch}.ipynb'); n=read_notebook(p.read_bytes())
    c=next(c for c in n.cells if c.id==id); 
    if old not in c.source: print('MISSING',ch,id,old); return
    c.source=c.source.replace(old,new); p.write_bytes(write_notebook(n))
def show(ch,*ids):
    n=read_notebook(Path(f'book/{ch}.ipynb').read_bytes())
    for c in n.cells:
        if c.id in ids: print('-----',ch,c.id,c.metadata.get('tags')); print(c.source)
if __name__=='__main__':
    edit('cells','dropout-columns-en','So **the same mask** was used **at every time step**.','So **the same mask was used at every time step**.')
    edit('models','spaces-en','## Restoring the spaces of Korean sentences','<!-- twins differ: who reads Korean knows the sentence and the particles -->\n\n## Restoring the spaces of Korean sentences')
    edit('long_term','train-read-ko','다음 셀은','다음 코드 셀은')
    n=None
    for ch in ('long_term','models'):
        p=Path(f'book/{ch}.ipynb'); n=read_notebook(p.read_bytes())
        for c in n.cells:
            if c.cell_type=='markdown' and '다음 셀은' in c.source: c.source=c.source.replace('다음 셀은','다음 코드 셀은')
            if c.id=='hello-train' and ch=='models': c.metadata['tags']=['measured']
        p.write_bytes(write_notebook(n))
    edit('index','chapters-ko','| [장기 기억](long_term.ipynb) | 거리','| [셀](cells.ipynb) | 한 시점씩 계산하기, 모든 시점의 셀 상태, 셀 쌓기, 직접 만드는 셀, `dropout`과 `activation`의 자리 |\n| [장기 기억](long_term.ipynb) | 거리')
    edit('index','chapters-en','| [Long-term memory](long_term.ipynb) | gradient','| [Cells](cells.ipynb) | one step at a time, the cell state at every step, stacked cells, a cell of your own, where `dropout` and `activation` act |\n| [Long-term memory](long_term.ipynb) | gradient')
    edit('index','chapters-ko','Bidirectional(서로 반대인 두 화살표), long_term','Bidirectional(서로 반대인 두 화살표), cells(한 시점만 지나는 셀 상태 c), long_term')
    edit('index','chapters-en','Bidirectional (two opposite arrows), long_term (gradients that shrink with distance) models','Bidirectional (two opposite arrows), cells (a cell state c that goes through one step), long_term (gradients that shrink with distance), models')
    show('gru','now-ko','now-en'); show('models','ex9-ko')
    for ch in ('gru',):
        nn=read_notebook(Path(f'book/{ch}.ipynb').read_bytes())
        for c in nn.cells:
            if 'map-gru' in c.source: print(c.id, c.source)
